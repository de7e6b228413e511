// What the page knows of its unit: the job and how far it has come, orders that wait for an answer,
// and which step the place suggests. Pure: no clock, no device, no wire.
import { AssignmentState, UnitKind, type Unit, type Post } from '#proto/common_pb';
import type { MoveUpOrder } from '#proto/move_up_pb';
import { PostState } from '#proto/common_pb';
import type { Order, WelfareCheck } from '#proto/crew_pb';
import type { Destination, HospitalAdvice } from '#proto/hospital_pb';
import { distance, type Spot } from '../lib/place';

export interface Job {
  order: Order;
  state: AssignmentState; // as the crew said, also what is not sent yet
  seen: boolean; // a person has looked at the order: the alarm is silent
  destination?: Destination;
  advice?: HospitalAdvice;
  from?: Spot; // where the unit was when it accepted
}

export interface Crew {
  unit?: Unit;
  onDuty: boolean;
  job?: Job;
  moveUp?: Post;
  welfare?: WelfareCheck;
  withdrawn?: string; // of the last order; shown until a person has noticed it
  epoch: bigint; // the highest of an engine that gave orders
  distressAtMs: number; // 0 = none stands
}

export function emptyCrew(): Crew {
  return { onDuty: false, epoch: 0n, distressAtMs: 0 };
}

const steps: Partial<Record<AssignmentState, AssignmentState>> = {
  [AssignmentState.ACCEPTED]: AssignmentState.EN_ROUTE,
  [AssignmentState.EN_ROUTE]: AssignmentState.ON_SCENE,
  [AssignmentState.ON_SCENE]: AssignmentState.TRANSPORTING,
  [AssignmentState.TRANSPORTING]: AssignmentState.AT_HOSPITAL,
  [AssignmentState.AT_HOSPITAL]: AssignmentState.HANDED_OVER,
  [AssignmentState.HANDED_OVER]: AssignmentState.CLOSED,
};

/** A motorbike or a fire engine treats and helps; it brings nobody to a hospital. */
export function takesPatients(unit: Unit | undefined): boolean {
  return !unit || unit.kind === UnitKind.AMBULANCE_BASIC || unit.kind === UnitKind.AMBULANCE_ADVANCED;
}

/** The step that follows; undefined before the order is answered and after the end. */
export function nextStep(crew: Crew): AssignmentState | undefined {
  if (!crew.job) return undefined;
  const next = steps[crew.job.state];
  return next === AssignmentState.TRANSPORTING && !takesPatients(crew.unit) ? AssignmentState.CLOSED : next;
}

/** An order waits for the crew's answer, or to be looked at. */
export function orderRings(crew: Crew): boolean {
  return crew.job !== undefined && crew.job.state === AssignmentState.ORDERED;
}

/** Takes an order, or a change of one. `pending`: the crew said something of it that was not sent yet,
 * so that the engine's state is older than ours. */
export function hearOrder(crew: Crew, order: Order, pending: boolean): void {
  const same = crew.job?.order.assignmentId === order.assignmentId ? crew.job : undefined;
  const told = order.state === AssignmentState.ASSIGNMENT_STATE_UNKNOWN ? AssignmentState.ORDERED : order.state;
  if (same) {
    const moved = placeKey(same.order) !== placeKey(order);
    same.order = order;
    if (!pending) same.state = told;
    if (moved && same.state === AssignmentState.ORDERED) same.seen = false;
    return;
  }
  // Declined without a line: the engine asks because it has not heard that yet.
  if (pending && told === AssignmentState.ORDERED) return;
  crew.job = { order, state: told, seen: told !== AssignmentState.ORDERED };
  delete crew.moveUp;
  delete crew.withdrawn;
}

function placeKey(order: Order): string {
  return `${order.place?.point?.lon},${order.place?.point?.lat},${order.priority}`;
}

export function hearWithdrawal(crew: Crew, assignmentId: bigint, reason: string): boolean {
  if (crew.job?.order.assignmentId !== assignmentId) return false;
  delete crew.job;
  delete crew.welfare;
  crew.withdrawn = reason;
  return true;
}

export function hearMoveUp(crew: Crew, order: MoveUpOrder): void {
  const on = order.post && order.post.state !== PostState.POST_NONE && order.post.state !== PostState.POST_DECLINED;
  if (on) crew.moveUp = order.post!;
  else delete crew.moveUp;
}

export function moveUpRings(crew: Crew): boolean {
  return crew.moveUp?.state === PostState.POST_ORDERED;
}

/** What the crew said; the engine hears it when it can. */
export function takeStep(crew: Crew, state: AssignmentState): void {
  if (!crew.job) return;
  crew.job.state = state;
  delete crew.welfare;
  if (state === AssignmentState.CLOSED || state === AssignmentState.DECLINED) delete crew.job;
}

// ---- where it goes, and what the place suggests ----

export function sceneOf(order: Order): Spot | undefined {
  return order.place?.point;
}

/** Where the vehicle goes now; undefined: nowhere, or nobody knows. */
export function goalOf(crew: Crew): Spot | undefined {
  const job = crew.job;
  if (!job) return crew.moveUp?.state === PostState.POST_ACCEPTED ? crew.moveUp.point : undefined;
  if (job.state === AssignmentState.ACCEPTED || job.state === AssignmentState.EN_ROUTE) return sceneOf(job.order);
  if (job.state === AssignmentState.TRANSPORTING) return job.destination?.point;
  return undefined;
}

export interface Fix extends Spot {
  accuracyM: number;
  speedMps: number;
  headingDeg: number | undefined;
  atMs: number;
}

export const fences = { leftM: 120, sceneM: 80, hospitalM: 150, accuracyM: 100 };

/** The step that the position suggests. It is offered, never taken: only the crew knows. */
export function offeredStep(crew: Crew, fix: Fix | undefined): AssignmentState | undefined {
  const job = crew.job;
  const next = nextStep(crew);
  if (!job || !fix || next === undefined || fix.accuracyM > fences.accuracyM) return undefined;
  const near = (spot: Spot | undefined, metres: number) =>
    spot !== undefined && distance(fix, spot) <= metres + fix.accuracyM / 2;
  const beyond = (spot: Spot | undefined, metres: number) =>
    spot !== undefined && distance(fix, spot) > metres + fix.accuracyM;
  switch (next) {
    case AssignmentState.EN_ROUTE:
      return beyond(job.from, fences.leftM) ? next : undefined;
    case AssignmentState.ON_SCENE:
      return near(sceneOf(job.order), fences.sceneM) || near(job.order.place?.access, fences.sceneM) ? next : undefined;
    case AssignmentState.TRANSPORTING:
      return beyond(sceneOf(job.order), 3 * fences.leftM) ? next : undefined;
    case AssignmentState.AT_HOSPITAL:
      return near(job.destination?.point, fences.hospitalM) ? next : undefined;
    default:
      return undefined;
  }
}
