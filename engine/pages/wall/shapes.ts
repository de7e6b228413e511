// Where kelurahan lie, from the strips of the engine's own map to outlines: the map can be coloured
// without a database and without tiles.
import type * as GeoJSON from 'geojson';
import type { District, Districts } from '#proto/wall_pb';

type Pair = [from: number, to: number]; // longitudes in 1e-6 degree

export interface Shape {
  kelurahan: string;
  kecamatan: string;
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

/** Twice the area, with its sign. */
const areaOf = (ring: [number, number][]): number =>
  ring.reduce((sum, [x, y], i) => {
    const [nx, ny] = ring[(i + 1) % ring.length]!;
    return sum + x * ny - nx * y;
  }, 0);

export function shapesOf(districts: Districts): Shape[] {
  const south = districts.southE7 / 1e7;
  const height = districts.rowE7 / 1e7;
  return districts.districts.filter(({ rows }) => rows.length > 0).map((district) => {
    const rings = outlines(rowsOf(district));
    const place = (ring: [number, number][]) => ring.map(([x, row]) => [x / 1e6, south + row * height]);
    // Holes are few and small; each goes with the first outline, which MapLibre fills by winding.
    const outer = rings.filter((ring) => areaOf(ring) > 0).map((ring) => [place(ring)]);
    const holes = rings.filter((ring) => areaOf(ring) < 0).map(place);
    outer[0]?.push(...holes);
    return {
      kelurahan: district.kelurahan, kecamatan: district.kecamatan,
      geometry: { type: 'MultiPolygon', coordinates: outer },
    };
  });
}
