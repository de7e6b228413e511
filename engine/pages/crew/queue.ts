// What the crew says goes onto a shelf first and from there to the engine, in order, each with an id of
// its own: the engine does it once however often the line breaks. Positions have a shelf of their own,
// so that a day of them never stands before a status.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { FrameSchema } from '#proto/frame_pb';
import { makeId } from '../lib/ids';
import { Refusal, type Body } from '../lib/link';
import type { Shelf } from './shelf';

export interface Said {
  id: Uint8Array;
  frame: Uint8Array; // its body
  atMs: number; // by this device's clock
  assignmentId: bigint; // 0 = of none
}

/** Whoever carries words to the engine: the link, or a test. */
export type Carry = (body: Body, id: Uint8Array) => Promise<Body>;

export interface QueueNews {
  /** The number of words that wait. */
  changed: (waiting: number) => void;
  /** The engine does not want it; it is not told again. */
  refused: (body: Body, why: Refusal) => void;
}

/** These pass: the engine is busy, or is being restarted. Anything else stays refused. */
export const PASSING = new Set(['FULL', 'OUT_OF_MEMORY', 'TIMED_OUT', 'IO_ERROR', 'NETWORK_ERROR', 'DATABASE_ERROR']);

export class Queue {
  private busy = false;
  private again = false;

  constructor(
    private readonly shelf: Shelf<Said>,
    private readonly carry: Carry,
    private readonly news: QueueNews,
    private readonly pauseMs = 3000,
  ) {}

  /** On the disk when the promise is kept; sent as soon as there is a line. Rejects where the browser
   * could not keep it: then nothing was said. */
  async say(body: Body, assignmentId = 0n, nowMs = Date.now()): Promise<void> {
    const frame = toBinary(FrameSchema, create(FrameSchema, { body }));
    await this.shelf.add({ id: makeId(nowMs), frame, atMs: nowMs, assignmentId });
    void this.shelf.count().then(this.news.changed).catch(() => undefined);
    void this.send();
  }

  /** Whether something about this assignment was said that the engine has not heard. */
  async holds(assignmentId: bigint): Promise<boolean> {
    return (await this.shelf.first(1000)).some((row) => row.value.assignmentId === assignmentId);
  }

  /** What waits, in the order in which it was said. */
  async bodies(): Promise<{ body: Body; atMs: number }[]> {
    const rows = await this.shelf.first(1000);
    return rows.flatMap(({ value }) => {
      const { body } = fromBinary(FrameSchema, value.frame);
      return body.case === undefined ? [] : [{ body, atMs: value.atMs }];
    });
  }

  async waiting(): Promise<number> {
    return this.shelf.count();
  }

  async clear(): Promise<void> {
    await this.shelf.clear();
    this.news.changed(0);
  }

  /** Sends what waits, one after the other. Call whenever the line is open. */
  async send(): Promise<void> {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      do {
        this.again = false;
        for (let [row] = await this.shelf.first(1); row; [row] = await this.shelf.first(1)) {
          if (!(await this.sendOne(row.value))) return;
          await this.shelf.remove(row.key);
          this.news.changed(await this.shelf.count());
        }
      } while (this.again);
    } finally {
      this.busy = false;
    }
  }

  // True: it is settled, done or refused for good.
  private async sendOne(said: Said): Promise<boolean> {
    const { body } = fromBinary(FrameSchema, said.frame);
    if (body.case === undefined) return true;
    try {
      await this.carry(withSendingTime(body), said.id);
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) return false; // the line is closed; `send` is called again
      if (PASSING.has(error.code)) {
        setTimeout(() => void this.send(), this.pauseMs);
        return false;
      }
      this.news.refused(body, error);
      return true;
    }
  }
}

/** The engine reads the device's times by this device's clock at the moment of sending. */
function withSendingTime(body: Body): Body {
  if (body.case === 'answerOrder' || body.case === 'advanceAssignment') body.value.sentAtMs = BigInt(Date.now());
  return body;
}
