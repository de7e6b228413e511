// Following a route: where on it the vehicle is, what comes next, whether it has left it, and what is
// to be spoken. Pure; the engine made the steps and their sentences.
import { distance, nearestOn, type Spot } from '../lib/place';

export interface Step {
  instruction: string;
  atM: number; // from the start, where it is to be done
  modifier: string;
}

export interface Track {
  points: Spot[];
  alongM: number[]; // of each point from the start
  atMs: number[]; // when each is passed, from the start
  steps: Step[];
  walkM: number; // from the end of the drive to the place
  walkMs: number;
}

/** What of a Route is needed; its times and lengths are bigint on the wire. */
export interface RouteLike {
  points: Spot[];
  atMs: bigint[];
  durationMs: bigint;
  steps: { instruction: string; firstPoint: number; modifier: string }[];
  onFootToM: bigint;
  walkToMs: bigint;
}

/** Undefined where there is no way. */
export function makeTrack(route: RouteLike): Track | undefined {
  if (route.durationMs < 0n || route.points.length < 2) return undefined;
  const alongM = [0];
  for (let i = 1; i < route.points.length; i++)
    alongM.push(alongM[i - 1]! + distance(route.points[i - 1]!, route.points[i]!));
  const total = alongM[alongM.length - 1]!;
  const atMs = route.atMs.length === route.points.length
    ? route.atMs.map(Number)
    : alongM.map((m) => (total === 0 ? 0 : (m / total) * Number(route.durationMs)));
  return {
    points: route.points.map(({ lon, lat }) => ({ lon, lat })),
    alongM,
    atMs,
    steps: route.steps.map((step) => ({
      instruction: step.instruction, modifier: step.modifier,
      atM: alongM[Math.min(step.firstPoint, alongM.length - 1)]!,
    })),
    walkM: Number(route.onFootToM),
    walkMs: Number(route.walkToMs),
  };
}

export interface Progress {
  alongM: number;
  offM: number;
  leftM: number; // to where the vehicle stops
  leftMs: number; // likewise
  next: number; // index of the step that comes next
  toNextM: number;
}

const BACK_M = 60; // a position may lie a little behind the one before

/** Where `spot` is on the track. A road that is driven twice is told apart by where one was before. */
export function progressOn(track: Track, spot: Spot, before = 0): Progress {
  let best = { alongM: 0, offM: Infinity, atMs: 0 };
  for (let i = 1; i < track.points.length; i++) {
    if (track.alongM[i]! < before - BACK_M) continue;
    const { share, offM } = nearestOn(track.points[i - 1]!, track.points[i]!, spot);
    // Far ahead has to be clearly nearer: a way out and back on the same street must not be cut.
    const aheadM = Math.max(0, track.alongM[i - 1]! - before);
    const cost = offM + Math.min(25, aheadM / 40);
    if (cost >= best.offM + (best.offM === Infinity ? 0 : Math.min(25, Math.max(0, best.alongM - before) / 40))) continue;
    const between = (list: number[]) => list[i - 1]! + share * (list[i]! - list[i - 1]!);
    best = { alongM: between(track.alongM), offM, atMs: between(track.atMs) };
  }
  const totalM = track.alongM[track.alongM.length - 1]!;
  const totalMs = track.atMs[track.atMs.length - 1]!;
  let next = track.steps.findIndex((step) => step.atM > best.alongM + 5);
  if (next < 0) next = Math.max(0, track.steps.length - 1);
  return {
    alongM: best.alongM, offM: best.offM, leftM: Math.max(0, totalM - best.alongM),
    leftMs: Math.max(0, totalMs - best.atMs), next,
    toNextM: Math.max(0, (track.steps[next]?.atM ?? totalM) - best.alongM),
  };
}

export const offRoute = { farM: 60, atOnceM: 200, fixes: 3, againMs: 10_000 };

/** Counts positions off the way; true when another way should be asked for. */
export class OffRoute {
  private count = 0;
  private askedAtMs = -Infinity;

  look(offM: number, accuracyM: number, nowMs: number): boolean {
    const allowed = offRoute.farM + Math.min(accuracyM, 50);
    this.count = offM > allowed ? this.count + 1 : 0;
    const gone = this.count >= offRoute.fixes || (this.count > 0 && offM > offRoute.atOnceM + accuracyM);
    if (!gone || nowMs - this.askedAtMs < offRoute.againMs) return false;
    this.askedAtMs = nowMs;
    this.count = 0;
    return true;
  }
}

/** Each step is spoken twice: from afar, and when it is to be done. Faster vehicles hear it sooner. */
export class Speaker {
  private readonly told = new Map<number, 'far' | 'near'>();

  /** What to say now: the step, and from how far; undefined: nothing. */
  next(track: Track, progress: Progress, speedMps: number): { step: Step; metres: number } | undefined {
    const step = track.steps[progress.next];
    if (!step || step.instruction === '') return undefined;
    const before = this.told.get(progress.next);
    const nearM = Math.max(40, speedMps * 5);
    if (progress.toNextM <= nearM && before !== 'near') {
      this.told.set(progress.next, 'near');
      return { step, metres: 0 };
    }
    if (progress.toNextM <= Math.max(300, speedMps * 20) && before === undefined) {
      this.told.set(progress.next, 'far');
      return { step, metres: progress.toNextM };
    }
    return undefined;
  }
}
