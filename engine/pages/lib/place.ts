// Distances on the ground: flat over a few kilometres, which is what a phone needs. Points are WGS 84
// degrees, longitude first.

export interface Spot {
  lon: number;
  lat: number;
}

const METRES_A_DEGREE = 111_195;

/** East and north of `from`, in metres. */
export function offset(from: Spot, to: Spot): [east: number, north: number] {
  const shrink = Math.cos(((from.lat + to.lat) / 2) * (Math.PI / 180));
  return [(to.lon - from.lon) * METRES_A_DEGREE * shrink, (to.lat - from.lat) * METRES_A_DEGREE];
}

export function distance(from: Spot, to: Spot): number {
  return Math.hypot(...offset(from, to));
}

/** The nearest point of the line a-b: how far along it (0..1), and how far off in metres. */
export function nearestOn(a: Spot, b: Spot, spot: Spot): { share: number; offM: number } {
  const [bx, by] = offset(a, b);
  const [px, py] = offset(a, spot);
  const length2 = bx * bx + by * by;
  const share = length2 === 0 ? 0 : Math.min(1, Math.max(0, (px * bx + py * by) / length2));
  return { share, offM: Math.hypot(px - share * bx, py - share * by) };
}
