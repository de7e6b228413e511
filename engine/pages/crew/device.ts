// What the device does by itself: it says that it has what was told, and it tells positions from its
// shelf. Its clock is its own; the engine reads it by when a thing was sent (proto/sigap/v1/device.proto).
import { create } from '@bufbuild/protobuf';
import type { AdvanceAssignment, AnswerOrder } from '#proto/crew_pb';
import { OrderReceivedSchema, PositionBatchSchema, type PositionBatch } from '#proto/device_pb';
import { Refusal, type Body, type Link } from '../lib/link';
import type { Fix } from './model';
import { worthTelling } from './position';
import { PASSING } from './queue';
import { DiskShelf, MemoryShelf, type Kept, type Memory, type Shelf } from './shelf';

/** When it was so, by this device's clock; the queue adds when it is sent. */
export function withDeviceTime<T extends AnswerOrder | AdvanceAssignment>(said: T): T {
  said.deviceAtMs = BigInt(Date.now());
  return said;
}

/** What is told with an epoch, and repeated until the device says that it has it. */
export type Told = Extract<Body, { case: 'order' | 'orderWithdrawn' | 'destination' | 'moveUpOrder' }>;

/** `seenEpoch`: the highest that was heard. Refused: the one who told it was replaced meanwhile. */
export function receiptOf(told: Told, seenEpoch: bigint): Body {
  const refused = told.value.epoch < seenEpoch;
  return { case: 'orderReceived', value: create(OrderReceivedSchema, {
    assignmentId: told.case === 'moveUpOrder' ? 0n : told.value.assignmentId,
    toldSeq: told.value.toldSeq, epoch: told.value.epoch, deviceAtMs: BigInt(Date.now()),
    ...(refused ? { refused, seenEpoch } : {}) }) };
}

const STEP_MS = 5000;
const BATCH_MOST = 250;
const GAP_MOST_MS = 2 ** 30; // as the engine reads them
const ACCURACY_MOST_M = 100_000;
const SPEED_MOST_KMH = 1000;
const grid = (degrees: number) => Math.round(degrees * 1e5);

/** Rows with numbers that count by one. */
export function batchOf(stream: number, rows: Kept<Fix>[], nowMs: number): PositionBatch {
  const fixes = rows.map((row) => row.value);
  const first = fixes[0]!;
  const change = (of: (fix: Fix) => number) => fixes.map((fix, i) => of(fix) - (i === 0 ? 0 : of(fixes[i - 1]!)));
  const lateMs = fixes.slice(1).map((fix, i) => Math.round(fix.atMs) - Math.round(fixes[i]!.atMs) - STEP_MS);
  const known = (of: (fix: Fix) => number) => {
    const list = fixes.map(of);
    return list.some((value) => value !== 0) ? list : [];
  };
  return create(PositionBatchSchema, {
    stream, first: BigInt(rows[0]!.key), firstAtMs: BigInt(Math.round(first.atMs)), stepMs: STEP_MS,
    lateMs: lateMs.some((late) => late !== 0) ? lateMs : [],
    lon: change((fix) => grid(fix.lon)), lat: change((fix) => grid(fix.lat)),
    accuracyM: known((fix) => Math.min(ACCURACY_MOST_M, Math.max(0, Math.round(fix.accuracyM)))),
    speed: known((fix) => (fix.speedMps > 0 ? 1 + Math.min(SPEED_MOST_KMH, Math.round(fix.speedMps * 3.6)) : 0)),
    heading: known((fix) => (fix.headingDeg === undefined ? 0 : 1 + (Math.round(fix.headingDeg / 3) % 120))),
    ageMs: BigInt(Math.max(0, Math.round(nowMs - fixes[fixes.length - 1]!.atMs))),
  });
}

/** The first rows whose numbers count by one, without a gap in time that a batch cannot hold. */
export function together(rows: Kept<Fix>[]): Kept<Fix>[] {
  const end = rows.findIndex((row, i) => i > 0 && (row.key !== rows[i - 1]!.key + 1
    || Math.abs(row.value.atMs - rows[i - 1]!.value.atMs) > GAP_MOST_MS));
  return end < 0 ? rows : rows.slice(0, end);
}

/** Tells positions, in batches, until the engine says up to which it has them. */
export class Reporter {
  private readonly shelf: Shelf<Fix>;
  private last: Fix | undefined;
  private busy = false;
  private stream = 0;

  constructor(private readonly link: Link, database: IDBDatabase | undefined, private readonly memory: Memory,
    private readonly changed: (waiting: number) => void) {
    this.shelf = database ? new DiskShelf<Fix>(database, 'fixes') : new MemoryShelf<Fix>();
  }

  async start(): Promise<void> {
    this.stream = (await this.memory.get<number>('stream')) ?? 0;
    if (this.stream === 0) {
      this.stream = 1 + (crypto.getRandomValues(new Uint32Array(1))[0]! >>> 1);
      await this.memory.set('stream', this.stream);
    }
    this.changed(await this.shelf.count());
  }

  /** Forgets what it holds; what comes next is a new stream. */
  async clear(): Promise<void> {
    await this.shelf.clear();
    await this.memory.set('stream', 0);
    await this.start();
  }

  async tell(fix: Fix): Promise<void> {
    if (!worthTelling(fix, this.last)) return;
    this.last = fix;
    await this.shelf.add(fix);
    this.changed(await this.shelf.count());
    void this.send();
  }

  /** undefined: the engine will never take these; they must not stand before all that follow. */
  private async tellBatch(rows: Kept<Fix>[]): Promise<Body | undefined> {
    try {
      return await this.link.askOnce({ case: 'positionBatch', value: batchOf(this.stream, rows, Date.now()) });
    } catch (error) {
      if (!(error instanceof Refusal) || PASSING.has(error.code) || error.code === 'UNAUTHENTICATED') throw error;
      console.error(`positions ${rows[0]!.key} and after were refused: ${error.code}`);
      await this.shelf.removeUpTo(rows[rows.length - 1]!.key);
      this.changed(await this.shelf.count());
      return undefined;
    }
  }

  async send(): Promise<void> {
    if (this.busy || this.stream === 0) return;
    this.busy = true;
    try {
      while (this.link.state === 'open') {
        const rows = together(await this.shelf.first(BATCH_MOST));
        if (rows.length === 0) break;
        const answer = await this.tellBatch(rows);
        if (answer === undefined) continue;
        if (answer.case !== 'positionsTaken') break;
        // All of a batch are judged; the engine's word on how far it has them counts all the same.
        const upTo = Number(answer.value.upTo);
        if (upTo < rows[0]!.key) break;
        await this.shelf.removeUpTo(Math.min(upTo, rows[rows.length - 1]!.key));
        this.changed(await this.shelf.count());
      }
    } catch {
      // the line broke, or the engine is full; they stay on the shelf
    } finally {
      this.busy = false;
    }
  }
}
