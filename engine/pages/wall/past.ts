// The last hours: stretches of kept moments (Past in proto/sigap/v1/wall.proto) put together to the
// picture of one moment. A stretch that was asked for is kept; the newest one still grows and is
// asked for again.
import type { Moment, Past, PastIncident } from '#proto/wall_pb';
import { byUrgency, KINDS, PRIORITIES, STATUSES, type Picture, type PictureUnit } from './model';

const NO_POSITION = 4294967295;
const KEPT = 24;

interface KnownUnit { code: string; kind: number }
interface UnitThen { lonE6: number; latE6: number; status: number; positionedAtMs: number | undefined; known: boolean }

const stageOf = (state: number) => (state === 1 ? 'locating' : state === 2 ? 'waiting' : 'assigned');

function takeMoment(moment: Moment, units: Map<number, UnitThen>, incidents: Map<bigint, PastIncident>): void {
  const at = Number(moment.atMs);
  moment.unitNumbers.forEach((number, i) => {
    const was = units.get(number);
    const age = moment.agesS[i]!;
    units.set(number, {
      lonE6: (was?.lonE6 ?? 0) + moment.lonE6[i]!, latE6: (was?.latE6 ?? 0) + moment.latE6[i]!,
      status: moment.statuses[i]!, known: age !== NO_POSITION,
      positionedAtMs: age === NO_POSITION || age === 0 ? undefined : at - age * 1000,
    });
  });
  for (const incident of moment.incidents) incidents.set(incident.id, incident);
  for (const id of moment.ended) incidents.delete(id);
}

/** The picture of the newest moment at or before `atMs`; undefined: the stretch begins later. */
export function pictureOf(past: Past, atMs: number, known: (number: number) => KnownUnit | undefined): Picture | undefined {
  const units = new Map<number, UnitThen>();
  const incidents = new Map<bigint, PastIncident>();
  let shownAtMs: number | undefined;
  for (const moment of past.moments) {
    if (Number(moment.atMs) > atMs && shownAtMs !== undefined) break;
    takeMoment(moment, units, incidents);
    shownAtMs = Number(moment.atMs);
  }
  if (shownAtMs === undefined) return undefined;
  const codeOf = (number: number) => known(number)?.code ?? `#${number}`;
  return {
    atMs: shownAtMs,
    units: [...units].filter(([, then]) => then.known).map(([number, then]): PictureUnit => ({
      number, code: codeOf(number), kind: KINDS[known(number)?.kind ?? 1] ?? 'rescue',
      status: STATUSES[then.status] ?? 'off_duty', lon: then.lonE6 / 1e6, lat: then.latE6 / 1e6, distress: false,
      ...(then.positionedAtMs === undefined ? {} : { positionedAtMs: then.positionedAtMs }),
    })),
    unplaced: [...units.values()].filter(({ known: placed }) => !placed).map(({ status }) => STATUSES[status] ?? 'off_duty'),
    incidents: [...incidents.values()].map((one) => ({
      id: String(one.id), priority: PRIORITIES[one.priority] ?? 'unknown', stage: stageOf(one.state) as 'waiting',
      suspect: false, complaint: one.complaint, place: one.label, openedAtMs: Number(one.openedAtMs),
      units: one.unitNumbers.map(codeOf),
      ...(one.lonE6 !== 0 || one.latE6 !== 0 ? { at: [one.lonE6 / 1e6, one.latE6 / 1e6] as [number, number] } : {}),
    })).sort(byUrgency),
  };
}

export class PastShelf {
  fromMs = 0; // what the engine keeps
  untilMs = 0;
  everyMs = 10_000;
  private readonly stretches: { fromMs: number; past: Past }[] = []; // used last comes last

  constructor(private readonly ask: (atMs: number) => Promise<Past>) {}

  private note(past: Past): void {
    this.fromMs = Number(past.keptFromAtMs);
    this.untilMs = Number(past.keptUntilAtMs);
    this.everyMs = Number(past.everyMs) || this.everyMs;
  }

  /** The stretch in which that moment lies. */
  async stretch(atMs: number): Promise<Past> {
    const found = this.stretches.findIndex(({ fromMs, past }) =>
      atMs >= fromMs && (past.nextAtMs !== 0n ? atMs < Number(past.nextAtMs)
        : atMs <= Number(past.moments.at(-1)?.atMs ?? 0n)));
    if (found >= 0) {
      const [one] = this.stretches.splice(found, 1);
      this.stretches.push(one!);
      return one!.past;
    }
    const past = await this.ask(atMs);
    this.note(past);
    const first = past.moments[0];
    if (first) {
      const fromMs = Number(first.atMs);
      const old = this.stretches.findIndex((one) => one.fromMs === fromMs);
      if (old >= 0) this.stretches.splice(old, 1);
      this.stretches.push({ fromMs, past });
      if (this.stretches.length > KEPT) this.stretches.shift();
    }
    return past;
  }

  /** Only what is kept. */
  async look(): Promise<void> {
    this.note(await this.ask(0));
  }
}
