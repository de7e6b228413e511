// Where kelurahan lie, from the strips of the engine's own map to outlines: the map can be coloured
// without a database and without tiles.
import type * as GeoJSON from 'geojson';
import type { District, Districts } from '#proto/wall_pb';

type Pair = [from: number, to: number]; // longitudes in 1e-6 degree

export interface Shape {
  name: string; // nameOf
  geometry: GeoJSON.MultiPolygon;
}

/** The strips of each row, from the differences in which they are sent. */
function rowsOf(district: District): Map<number, Pair[]> {
  const rows = new Map<number, Pair[]>();
  let row = 0;
  let end = 0;
  district.rows.forEach((step, i) => {
    row += step;
    const from = end + district.fromE6[i]!;
    end = from + district.widthE6[i]!;
    rows.set(row, [...(rows.get(row) ?? []), [from, end]]);
  });
  return rows;
}

/** What lies in exactly one of two rows: there an outline runs between them. `sign` tells on which
 * side the district is. */
function bordersBetween(below: Pair[], above: Pair[]): { from: number; to: number; above: boolean }[] {
  const ends = [...new Set([...below, ...above].flat())].sort((a, b) => a - b);
  const inside = (pairs: Pair[], at: number) => pairs.some(([from, to]) => from <= at && at < to);
  const found: { from: number; to: number; above: boolean }[] = [];
  for (let i = 0; i + 1 < ends.length; i++) {
    const [from, to] = [ends[i]!, ends[i + 1]!];
    const [low, high] = [inside(below, from), inside(above, from)];
    if (low !== high) found.push({ from, to, above: high });
  }
  return found;
}

/** Rings of one district, corners in [longitude 1e-6, row]; the district lies on the left of each
 * step, so outer rings go round against the clock and holes with it. */
export function outlines(rows: Map<number, Pair[]>): [number, number][][] {
  const next = new Map<string, [number, number][]>(); // from a corner to where steps go from it
  const step = (a: [number, number], b: [number, number]) => {
    const key = a.join();
    next.set(key, [...(next.get(key) ?? []), b]);
  };
  const all = [...rows.keys()];
  const [first, last] = [Math.min(...all), Math.max(...all)];
  for (let row = first; row <= last + 1; row++) {
    for (const { from, to, above } of bordersBetween(rows.get(row - 1) ?? [], rows.get(row) ?? []))
      if (above) step([from, row], [to, row]);
      else step([to, row], [from, row]);
    for (const [from, to] of rows.get(row) ?? []) {
      step([to, row], [to, row + 1]);
      step([from, row + 1], [from, row]);
    }
  }
  const rings: [number, number][][] = [];
  for (const [start, goes] of next)
    while (goes.length > 0) {
      const ring: [number, number][] = [start.split(',').map(Number) as [number, number]];
      for (let at = start; ;) {
        const to = next.get(at)?.pop();
        if (!to) break;
        ring.push(to);
        at = to.join();
        if (at === start) break;
      }
      rings.push(ring);
    }
  return rings;
}

/** Names repeat between districts, and a graph may tell one in several rows. */
export const nameOf = (one: { kelurahan: string; kecamatan: string; kabupaten: string }): string =>
  [one.kabupaten, one.kecamatan, one.kelurahan].join('/');

/** Twice the area, with its sign. */
const areaOf = (ring: [number, number][]): number =>
  ring.reduce((sum, [x, y], i) => {
    const [nx, ny] = ring[(i + 1) % ring.length]!;
    return sum + x * ny - nx * y;
  }, 0);

/** Whether a corner of a hole lies within an outline: steps across a line to the east of it, a little
 * above the corner's row so that no step ends on the line. */
function holds(outline: [number, number][], [x, row]: [number, number]): boolean {
  let inside = false;
  outline.forEach(([ax, ay], i) => {
    const [, by] = outline[(i + 1) % outline.length]!;
    if (ay > row + 0.5 !== by > row + 0.5 && ax > x) inside = !inside; // upright: ax is bx
  });
  return inside;
}

/** Polygons: each outline with the holes that lie in it. */
export function polygonsOf(rings: [number, number][][]): [number, number][][][] {
  const polygons = rings.filter((ring) => areaOf(ring) > 0).map((ring) => [ring]);
  for (const hole of rings.filter((ring) => areaOf(ring) < 0)) {
    const lowest = hole.reduce((a, b) => (b[1] < a[1] || (b[1] === a[1] && b[0] < a[0]) ? b : a));
    polygons.filter(([outline]) => holds(outline!, lowest))
      .sort(([a], [b]) => areaOf(a!) - areaOf(b!))[0]?.push(hole);
  }
  return polygons;
}

export function shapesOf(districts: Districts): Shape[] {
  const south = districts.southE7 / 1e7;
  const height = districts.rowE7 / 1e7;
  const place = (ring: [number, number][]) => ring.map(([x, row]) => [x / 1e6, south + row * height]);
  const shapes = new Map<string, Shape>();
  for (const district of districts.districts.filter(({ rows }) => rows.length > 0)) {
    const name = nameOf(district);
    const shape = shapes.get(name) ?? { name, geometry: { type: 'MultiPolygon', coordinates: [] } };
    for (const rings of polygonsOf(outlines(rowsOf(district)))) shape.geometry.coordinates.push(rings.map(place));
    shapes.set(name, shape);
  }
  return [...shapes.values()];
}
