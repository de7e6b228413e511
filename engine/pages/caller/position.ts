// Where the phone is, told as it becomes known: at once, then when it has moved, is much surer, or a
// minute has passed. The phone asks its owner first; we ask only when a button was touched, or where
// that was allowed before.
import { create } from '@bufbuild/protobuf';
import { PhoneMethod, PointSchema } from '#proto/common_pb';
import { PhonePointSchema, ShareMyPositionSchema } from '#proto/intake_pb';
import type { Link } from '../lib/link';

export type PositionState = 'off' | 'waiting' | 'told' | 'denied' | 'failed';

const AGAIN_MS = 60_000;
const AT_LEAST_MS = 5_000;
const MOVED_M = 20;
const WAITING_MOST = 5; // positions on their way; older ones are worth nothing

export class PositionSharer {
  state: PositionState = 'off';
  private watch: number | undefined;
  private onTheWay = 0;
  private last: { atMs: number; lon: number; lat: number; radiusM: number } | undefined;

  constructor(private readonly link: Link, private readonly changed: () => void) {}

  /** Without a question, where it was allowed before. */
  async startIfAllowed(): Promise<void> {
    try {
      const allowed = await navigator.permissions.query({ name: 'geolocation' });
      if (allowed.state === 'granted') this.start();
    } catch {
      // Old phones cannot tell; the button asks.
    }
  }

  start(): void {
    if (this.watch !== undefined) return;
    if (!navigator.geolocation) return this.become('failed');
    this.become('waiting');
    this.watch = navigator.geolocation.watchPosition((found) => this.found(found), (error) => {
      if (error.code === error.PERMISSION_DENIED) {
        this.stop();
        this.become('denied');
      } else if (!this.last) {
        this.become('failed');
      }
    }, { enableHighAccuracy: true, maximumAge: 5_000, timeout: 30_000 });
  }

  stop(): void {
    if (this.watch !== undefined) navigator.geolocation.clearWatch(this.watch);
    this.watch = undefined;
  }

  private become(state: PositionState): void {
    this.state = state;
    this.changed();
  }

  private found({ coords, timestamp }: GeolocationPosition): void {
    const now = Date.now();
    const here = { atMs: now, lon: coords.longitude, lat: coords.latitude, radiusM: Math.max(1, Math.round(coords.accuracy)) };
    if (this.last && !this.isNews(here)) return;
    if (this.onTheWay >= WAITING_MOST) return;
    this.last = here;
    this.onTheWay++;
    const measuredAtMs = BigInt(Math.round(Math.min(timestamp + this.link.aheadMs, this.link.now())));
    this.link.ask({ case: 'shareMyPosition', value: create(ShareMyPositionSchema, {
      position: create(PhonePointSchema, {
        point: create(PointSchema, { lon: here.lon, lat: here.lat }),
        radiusM: Math.min(here.radiusM, 100_000), measuredAtMs, method: PhoneMethod.FUSED,
      }),
    }) }).then(() => this.become('told'), () => undefined).finally(() => this.onTheWay--);
  }

  private isNews(here: { atMs: number; lon: number; lat: number; radiusM: number }): boolean {
    const last = this.last!;
    if (here.atMs - last.atMs < AT_LEAST_MS) return false;
    const shrink = Math.cos((here.lat * Math.PI) / 180);
    const metres = Math.hypot((here.lon - last.lon) * shrink, here.lat - last.lat) * 111_195;
    return metres > MOVED_M || here.radiusM < last.radiusM * 0.7 || here.atMs - last.atMs >= AGAIN_MS;
  }
}
