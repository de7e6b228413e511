// Shapes and addresses that the map is made of; no browser needed.
import type * as GeoJSON from 'geojson';
import type { GeoJSONSourceDiff } from 'maplibre-gl';

export type LonLat = [lon: number, lat: number];
/** West, south, east, north. */
export type Box = [number, number, number, number];
export type Feature = GeoJSON.Feature & { id: string; properties: Record<string, unknown> };

export const TILES_ZOOM_MIN = 5;
export const TILES_ZOOM_MAX = 17; // SGP_TILE_ZOOM_MAX of the engine
const EARTH_M_PER_DEGREE = 111_320;

/** A circle of so many metres as a polygon of 48 corners. */
export function circleOf(lon: number, lat: number, radiusM: number): GeoJSON.Polygon {
  const north = radiusM / EARTH_M_PER_DEGREE;
  const east = north / Math.max(0.01, Math.cos((lat * Math.PI) / 180));
  const ring = Array.from({ length: 49 }, (_, i) => {
    const turn = ((i % 48) / 48) * 2 * Math.PI;
    return [lon + east * Math.sin(turn), lat + north * Math.cos(turn)];
  });
  return { type: 'Polygon', coordinates: [ring] };
}

/** What changed between two pictures of a source; undefined: nothing. */
export function differenceOf(
  before: ReadonlyMap<string, Feature>, after: ReadonlyMap<string, Feature>,
): GeoJSONSourceDiff | undefined {
  const diff: Required<Pick<GeoJSONSourceDiff, 'remove' | 'add' | 'update'>> = { remove: [], add: [], update: [] };
  for (const id of before.keys()) if (!after.has(id)) diff.remove.push(id);
  for (const [id, now] of after) {
    const was = before.get(id);
    if (was === now) continue; // lines and areas are only compared so
    if (!was) {
      diff.add.push(now);
      continue;
    }
    const [a, b] = [was.geometry as GeoJSON.Point, now.geometry as GeoJSON.Point];
    const moved = a.type !== 'Point' || b.type !== 'Point'
      || a.coordinates[0] !== b.coordinates[0] || a.coordinates[1] !== b.coordinates[1];
    const other = Object.entries(now.properties).filter(([key, value]) => was.properties[key] !== value);
    const gone = Object.keys(was.properties).filter((key) => !(key in now.properties));
    if (moved || other.length > 0 || gone.length > 0)
      diff.update.push({
        id,
        ...(moved ? { newGeometry: now.geometry } : {}),
        ...(gone.length > 0 ? { removeProperties: gone } : {}),
        ...(other.length > 0 ? { addOrUpdateProperties: other.map(([key, value]) => ({ key, value })) } : {}),
      });
  }
  return diff.remove.length + diff.add.length + diff.update.length > 0 ? diff : undefined;
}

/** The addresses of all tiles of a box, for a page that keeps its district for a time without a
 * line. Bounded: where there would be more than `most`, the closest zooms are left out. */
export function tileUrls(box: Box, zooms: [from: number, to: number] = [TILES_ZOOM_MIN, 16], most = 1500): string[] {
  const found: string[] = [];
  const column = (lon: number, n: number) => Math.floor(((lon + 180) / 360) * n);
  const row = (lat: number, n: number) =>
    Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * n);
  for (let z = zooms[0]; z <= Math.min(zooms[1], TILES_ZOOM_MAX); z++) {
    const n = 2 ** z;
    const [west, east] = [column(box[0], n), column(box[2], n)];
    const [north, south] = [row(box[3], n), row(box[1], n)];
    if (found.length + (east - west + 1) * (south - north + 1) > most) break;
    for (let x = west; x <= east; x++)
      for (let y = north; y <= south; y++) found.push(`/tiles/${z}/${x}/${y}.mvt`);
  }
  return found;
}

/** The box of so many metres around a point. */
export function boxAround([lon, lat]: LonLat, metres: number): Box {
  const north = metres / EARTH_M_PER_DEGREE;
  const east = north / Math.max(0.01, Math.cos((lat * Math.PI) / 180));
  return [lon - east, lat - north, lon + east, lat + north];
}
