// The world as the wall knows it: what Watch told first, and every Update since. A `Picture` is
// what is drawn, the same for now, for a moment of the past and for tests.
import type { Update } from '#proto/dispatch_pb';
import { AssignmentState, IncidentState, type Assignment, type Hospital, type Incident, type Unit } from '#proto/common_pb';
import { RingState, type Exchange, type Ring } from '#proto/ring_pb';

export const KINDS = [
  'ambulance_basic', 'ambulance_basic', 'ambulance_advanced', 'motorbike', 'command_car', 'fire_engine', 'rescue',
] as const;
export const STATUSES = [
  'off_duty', 'off_duty', 'available', 'ordered', 'en_route', 'on_scene', 'transporting', 'at_hospital',
] as const;
export const PRIORITIES = ['unknown', 'p1', 'p2', 'p3', 'p4'] as const;
export type Kind = (typeof KINDS)[number];
export type Status = (typeof STATUSES)[number];
export type Priority = (typeof PRIORITIES)[number];
export type IncidentStage = 'locating' | 'waiting' | 'assigned';

export interface PictureUnit {
  number: number;
  code: string;
  kind: Kind;
  status: Status;
  lon: number;
  lat: number;
  /** When it was there; undefined: it stands at its station. */
  positionedAtMs?: number;
  distress: boolean;
}
export interface PictureIncident {
  id: string;
  priority: Priority;
  stage: IncidentStage;
  suspect: boolean;
  at?: [lon: number, lat: number];
  complaint: string;
  place: string;
  openedAtMs: number;
  units: string[];
}
export interface Picture {
  atMs: number;
  units: PictureUnit[];
  /** What units do of whom nobody knows where they are. */
  unplaced: Status[];
  incidents: PictureIncident[];
}

const stageOf = (state: IncidentState): IncidentStage =>
  state === IncidentState.INCIDENT_LOCATING ? 'locating'
    : state === IncidentState.INCIDENT_WAITING ? 'waiting' : 'assigned';

/** Most urgent first, then the longest open; what is not known yet before what can wait. */
export function byUrgency(a: PictureIncident, b: PictureIncident): number {
  const rank = { p1: 0, p2: 1, unknown: 2, p3: 3, p4: 4 };
  return rank[a.priority] - rank[b.priority] || a.openedAtMs - b.openedAtMs;
}

/** How old a position may be before the symbol says that it is not to be trusted. */
export function isStale(unit: PictureUnit, nowMs: number): boolean {
  if (unit.positionedAtMs === undefined || unit.status === 'off_duty') return false;
  const moving = unit.status === 'en_route' || unit.status === 'transporting';
  return nowMs - unit.positionedAtMs > (moving ? 120_000 : 300_000);
}

export class Model {
  caughtUp = false;
  readonly units = new Map<number, Unit>();
  readonly hospitals = new Map<string, Hospital>();
  readonly rings = new Map<bigint, Ring>();
  readonly exchanges = new Map<string, Exchange>();
  private readonly incidents = new Map<bigint, Incident>();
  private readonly assignments = new Map<bigint, Assignment>();

  /** Before a new Watch: what happened while the line was broken is not known. */
  clear(): void {
    this.caughtUp = false;
    for (const map of [this.units, this.hospitals, this.rings, this.exchanges, this.incidents, this.assignments])
      map.clear();
  }

  take(update: Update): void {
    for (const unit of update.units) this.units.set(unit.number, unit);
    for (const hospital of update.hospitals) this.hospitals.set(hospital.code, hospital);
    for (const exchange of update.exchanges) this.exchanges.set(exchange.name, exchange);
    for (const one of update.assignments) {
      if (one.state >= AssignmentState.CLOSED) this.assignments.delete(one.id);
      else this.assignments.set(one.id, one);
    }
    for (const incident of update.incidents) {
      if (incident.state === IncidentState.INCIDENT_CLOSED) this.incidents.delete(incident.id);
      else this.incidents.set(incident.id, incident);
    }
    for (const ring of update.rings) {
      if (ring.state >= RingState.RING_ENDED) this.rings.delete(ring.id);
      else this.rings.set(ring.id, ring);
    }
    if (update.caughtUp) this.caughtUp = true;
  }

  /** Telephones that ring and that nobody has answered, the longest first. */
  ringing(): Ring[] {
    return [...this.rings.values()]
      .filter(({ state }) => state === RingState.RINGING || state === RingState.RING_CLAIMED)
      .sort((a, b) => Number(a.rangAtMs - b.rangAtMs));
  }

  unit(unit: Unit): PictureUnit | undefined {
    const at = unit.atStation && unit.post?.state === 3 /* POST_THERE */ ? unit.post.point
      : unit.atStation ? unit.stationPoint : unit.position;
    if (!at) return undefined;
    return {
      number: unit.number, code: unit.code, kind: KINDS[unit.kind] ?? 'rescue', status: STATUSES[unit.status] ?? 'off_duty',
      lon: at.lon, lat: at.lat, distress: unit.distressAtMs !== 0n,
      ...(unit.atStation ? {} : { positionedAtMs: Number(unit.positionAtMs) }),
    };
  }

  picture(nowMs: number): Picture {
    const units: PictureUnit[] = [];
    const unplaced: Status[] = [];
    for (const one of this.units.values()) {
      const unit = this.unit(one);
      if (unit) units.push(unit);
      else unplaced.push(STATUSES[one.status] ?? 'off_duty');
    }
    const on = new Map<bigint, string[]>();
    for (const { incidentId, unitCode } of this.assignments.values())
      on.set(incidentId, [...(on.get(incidentId) ?? []), unitCode]);
    const incidents = [...this.incidents.values()].map((incident): PictureIncident => ({
      id: String(incident.id), priority: PRIORITIES[incident.priority] ?? 'unknown', stage: stageOf(incident.state),
      suspect: incident.suspect, complaint: incident.complaint, openedAtMs: Number(incident.openedAtMs),
      place: incident.place?.label || incident.place?.kelurahan || '', units: on.get(incident.id) ?? [],
      ...(incident.place?.point ? { at: [incident.place.point.lon, incident.place.point.lat] as [number, number] } : {}),
    }));
    return { atMs: nowMs, units, unplaced, incidents: incidents.sort(byUrgency) };
  }
}
