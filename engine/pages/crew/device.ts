// What the device does by itself: it says that it has an order, and it tells positions from its shelf.
import { create } from '@bufbuild/protobuf';
import { ReportPositionSchema, type AdvanceAssignment, type AnswerOrder } from '#proto/crew_pb';
import type { Body, Link } from '../lib/link';
import type { Crew, Fix } from './model';
import { worthTelling } from './position';
import { DiskShelf, MemoryShelf, type Shelf } from './shelf';

/** When it was so, by the engine's clock as well as it is known here. */
export function answersTimes<T extends AnswerOrder | AdvanceAssignment>(said: T, link: Link): T {
  if (link.state !== 'open') said.saidAtMs = BigInt(Math.round(link.now()));
  return said;
}

export class Reporter {
  private shelf: Shelf<Fix>;
  private last: Fix | undefined;
  private busy = false;

  constructor(private readonly link: Link, database: IDBDatabase | undefined,
    private readonly changed: (waiting: number) => void) {
    this.shelf = database ? new DiskShelf<Fix>(database, 'fixes') : new MemoryShelf<Fix>();
  }

  async start(): Promise<void> {
    this.changed(await this.shelf.count());
  }

  async clear(): Promise<void> {
    await this.shelf.clear();
    this.changed(0);
  }

  /** Takes what the engine told by `deed`, which says whether it was taken. */
  take(_body: Body, _crew: Crew, deed: () => boolean): boolean {
    return deed();
  }

  async tell(fix: Fix): Promise<void> {
    if (!worthTelling(fix, this.last)) return;
    this.last = fix;
    await this.shelf.add(fix);
    this.changed(await this.shelf.count());
    void this.send();
  }

  async send(): Promise<void> {
    if (this.busy || this.link.state !== 'open') return;
    this.busy = true;
    try {
      for (let [row] = await this.shelf.first(1); row; [row] = await this.shelf.first(1)) {
        const fix = row.value;
        await this.link.askOnce({ case: 'reportPosition', value: create(ReportPositionSchema, {
          point: { lon: fix.lon, lat: fix.lat }, measuredAtMs: BigInt(Math.round(fix.atMs + this.link.aheadMs)),
          ...(fix.speedMps > 1 && fix.headingDeg !== undefined
            ? { motion: { headingDeg: fix.headingDeg, speedKmh: fix.speedMps * 3.6 } } : {}) }) }).catch((error: Error) => {
          if (error.name === 'Error' && !('code' in error)) throw error;
        });
        await this.shelf.remove(row.key);
        this.changed(await this.shelf.count());
      }
    } catch {
      // the line broke; they stay on the shelf
    } finally {
      this.busy = false;
    }
  }
}
