// The device's position, as the page uses it: the newest for the map and the guidance, and a thinned
// record for the engine: every 5 s while driving, every 30 s while standing.
import { distance } from '../lib/place';
import type { Fix } from './model';

export const keep = { movingMs: 5000, standingMs: 30_000, movedM: 15 };

/** Whether a fix is worth telling, after the one that was told last. */
export function worthTelling(fix: Fix, last: Fix | undefined): boolean {
  if (!last) return true;
  const sinceMs = fix.atMs - last.atMs;
  if (sinceMs < -keep.movingMs) return true; // the device's clock was put back: else silent until it is as late again
  if (sinceMs < keep.movingMs) return false;
  return sinceMs >= keep.standingMs || distance(fix, last) >= keep.movedM;
}

export interface PositionNews {
  fix: (fix: Fix) => void;
  denied: () => void;
}

export class PositionWatch {
  private id: number | undefined;

  constructor(private readonly news: PositionNews) {}

  start(): void {
    if (this.id !== undefined || !('geolocation' in navigator)) return;
    this.id = navigator.geolocation.watchPosition(
      ({ coords, timestamp }) => this.news.fix({
        lon: coords.longitude, lat: coords.latitude, accuracyM: coords.accuracy,
        speedMps: coords.speed !== null && Number.isFinite(coords.speed) ? coords.speed : 0,
        headingDeg: coords.heading !== null && Number.isFinite(coords.heading) ? coords.heading : undefined,
        atMs: Math.round(timestamp),
      }),
      (error) => error.code === error.PERMISSION_DENIED && this.news.denied(),
      { enableHighAccuracy: true, maximumAge: 1000, timeout: 30_000 });
  }

  stop(): void {
    if (this.id !== undefined) navigator.geolocation.clearWatch(this.id);
    this.id = undefined;
  }
}
