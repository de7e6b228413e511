import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { DoneSchema } from '#proto/admin_pb';
import { AssignmentState, UnitKind, UnitSchema } from '#proto/common_pb';
import { AdvanceAssignmentSchema, OrderSchema, SetDutySchema } from '#proto/crew_pb';
import { Refusal, type Body } from '../lib/link';
import { distance, nearestOn } from '../lib/place';
import { makeTrack, OffRoute, progressOn, Speaker, type RouteLike } from '../crew/guidance';
import { batchOf, receiptOf, together } from '../crew/device';
import { emptyCrew, hearOrder, hearWithdrawal, nextStep, offeredStep, orderRings, takeStep, type Fix } from '../crew/model';
import { measures, readMeasure } from '../crew/patient';
import { worthTelling } from '../crew/position';
import { Queue, type Said } from '../crew/queue';
import { MemoryShelf } from '../crew/shelf';

const S = AssignmentState;
const fixAt = (lon: number, lat: number, more: Partial<Fix> = {}): Fix =>
  ({ lon, lat, accuracyM: 10, speedMps: 0, headingDeg: undefined, atMs: 0, ...more });

test('place: distances and the nearest point of a line', () => {
  const a = { lon: 112.63, lat: -7.97 };
  assert.ok(Math.abs(distance(a, { lon: 112.63, lat: -7.96 }) - 1112) < 2);
  const hit = nearestOn(a, { lon: 112.64, lat: -7.97 }, { lon: 112.635, lat: -7.9691 });
  assert.ok(Math.abs(hit.share - 0.5) < 0.01 && Math.abs(hit.offM - 100) < 1);
  assert.equal(nearestOn(a, a, a).offM, 0);
});

const order = (more: object = {}) => create(OrderSchema, {
  assignmentId: 7n, incidentId: 3n, state: S.ORDERED, place: { point: { lon: 112.63, lat: -7.97 } }, ...more });

test('model: an order rings until it is answered', () => {
  const crew = emptyCrew();
  hearOrder(crew, order(), false);
  assert.ok(orderRings(crew));
  assert.equal(nextStep(crew), undefined);
  assert.equal(crew.job!.order.assignmentId, 7n);
  takeStep(crew, S.ACCEPTED);
  assert.ok(!orderRings(crew));
  // Repeated by an engine that has not heard our answer yet: it does not ring anew.
  hearOrder(crew, order(), true);
  assert.equal(crew.job!.state, S.ACCEPTED);
  // Once it has heard everything, its word counts.
  hearOrder(crew, order({ state: S.EN_ROUTE }), false);
  assert.equal(crew.job!.state, S.EN_ROUTE);
});

test('model: what was declined without a line does not ring again', () => {
  const crew = emptyCrew();
  hearOrder(crew, order(), false);
  takeStep(crew, S.DECLINED);
  hearOrder(crew, order(), true);
  assert.equal(crew.job, undefined);
  // Had somebody accepted it for the crew meanwhile, it has a job.
  hearOrder(crew, order({ state: S.ACCEPTED }), true);
  assert.equal(crew.job!.state, S.ACCEPTED);
});

test('model: the steps in order, for those who carry patients and those who do not', () => {
  const crew = emptyCrew();
  hearOrder(crew, order({ state: S.ACCEPTED }), false);
  const said: AssignmentState[] = [];
  for (let step = nextStep(crew); step !== undefined; step = nextStep(crew)) {
    said.push(step);
    takeStep(crew, step);
  }
  assert.deepEqual(said, [S.EN_ROUTE, S.ON_SCENE, S.TRANSPORTING, S.AT_HOSPITAL, S.HANDED_OVER, S.CLOSED]);
  assert.equal(crew.job, undefined);
  crew.unit = create(UnitSchema, { kind: UnitKind.MOTORBIKE });
  hearOrder(crew, order({ state: S.ON_SCENE }), false);
  assert.equal(nextStep(crew), S.CLOSED);
});

test('model: withdrawn orders end the job, others do not', () => {
  const crew = emptyCrew();
  hearOrder(crew, order(), false);
  assert.equal(hearWithdrawal(crew, 6n, 'x'), false);
  assert.ok(hearWithdrawal(crew, 7n, 'closer unit'));
  assert.equal(crew.job, undefined);
  assert.equal(crew.withdrawn, 'closer unit');
});

test('model: steps are offered where the place suggests them, and never taken', () => {
  const crew = emptyCrew();
  hearOrder(crew, order({ state: S.ACCEPTED }), false);
  crew.job!.from = { lon: 112.60, lat: -7.97 };
  assert.equal(offeredStep(crew, fixAt(112.60, -7.97)), undefined);
  assert.equal(offeredStep(crew, fixAt(112.605, -7.97)), S.EN_ROUTE);
  assert.equal(crew.job!.state, S.ACCEPTED);
  takeStep(crew, S.EN_ROUTE);
  assert.equal(offeredStep(crew, fixAt(112.62, -7.97)), undefined);
  assert.equal(offeredStep(crew, fixAt(112.6303, -7.97)), S.ON_SCENE);
  assert.equal(offeredStep(crew, fixAt(112.6303, -7.97, { accuracyM: 900 })), undefined, 'a coarse position suggests nothing');
  assert.equal(offeredStep(crew, undefined), undefined);
});

// East for 1 km, then north for 1 km, near the equator of the sketch.
const dLon = 1000 / (111_195 * Math.cos((7.97 * Math.PI) / 180));
const dLat = 1000 / 111_195;
const corner = { lon: 112.6 + dLon, lat: -7.97 };
const route: RouteLike = {
  points: [{ lon: 112.6, lat: -7.97 }, corner, { lon: corner.lon, lat: -7.97 + dLat }],
  atMs: [0n, 60_000n, 180_000n], durationMs: 180_000n, onFootToM: 40n, walkToMs: 30_000n,
  steps: [
    { instruction: 'Berangkat', firstPoint: 0, modifier: '' },
    { instruction: 'Belok kiri', firstPoint: 1, modifier: 'left' },
    { instruction: 'Tiba', firstPoint: 2, modifier: '' },
  ],
};

test('guidance: where one is, what comes next, what is left', () => {
  const track = makeTrack(route)!;
  const half = progressOn(track, { lon: 112.6 + dLon / 2, lat: -7.9701 });
  assert.ok(Math.abs(half.alongM - 500) < 3 && Math.abs(half.offM - 11) < 2);
  assert.equal(half.next, 1);
  assert.ok(Math.abs(half.toNextM - 500) < 3 && Math.abs(half.leftM - 1500) < 5);
  assert.ok(Math.abs(half.leftMs - 150_000) < 500);
  const last = progressOn(track, { lon: corner.lon, lat: -7.97 + dLat }, half.alongM);
  assert.ok(last.leftM < 1 && last.next === 2);
  assert.equal(makeTrack({ ...route, durationMs: -1n }), undefined);
});

test('guidance: out and back on one street does not jump to the way back', () => {
  const there = { lon: 112.6 + dLon, lat: -7.97 };
  const track = makeTrack({ ...route, points: [route.points[0]!, there, route.points[0]!], steps: [] })!;
  let along = 0;
  for (let share = 0; share <= 1; share += 0.05)
    along = progressOn(track, { lon: 112.6 + dLon * share, lat: -7.97 }, along).alongM;
  assert.ok(Math.abs(along - 1000) < 60, `${along}`);
  for (let share = 1; share >= 0.5; share -= 0.05)
    along = progressOn(track, { lon: 112.6 + dLon * share, lat: -7.97 }, along).alongM;
  assert.ok(along > 1000, `${along}`);
});

test('guidance: off the way is three positions or one far away, and not asked again at once', () => {
  const off = new OffRoute();
  assert.deepEqual([80, 80, 80, 80].map((m, i) => off.look(m, 5, i * 1000)), [false, false, true, false]);
  const far = new OffRoute();
  assert.equal(far.look(500, 20, 0), true);
  assert.equal(far.look(500, 20, 5000), false);
  assert.equal(far.look(500, 20, 15_000), true);
  assert.equal(new OffRoute().look(90, 60, 0), false);
});

test('guidance: each step is spoken from afar and when it is due, once each', () => {
  const track = makeTrack(route)!;
  const speaker = new Speaker();
  const spoken: string[] = [];
  let along = 0;
  for (let m = 0; m <= 1000; m += 20) {
    const progress = progressOn(track, { lon: 112.6 + (dLon * m) / 1000, lat: -7.97 }, along);
    along = progress.alongM;
    const told = speaker.next(track, progress, 12);
    if (told) spoken.push(`${Math.round(told.metres / 10) * 10} ${told.step.instruction}`);
  }
  assert.equal(spoken.filter((text) => text.endsWith('Belok kiri')).length, 2);
  assert.ok(/^(2|3)\d\d Belok kiri/.test(spoken[0]!), spoken.join('; '));
  assert.ok(spoken.includes('0 Belok kiri'));
});

test('position: thinned by time and movement', () => {
  const a = fixAt(112.6, -7.97, { atMs: 0 });
  assert.ok(worthTelling(a, undefined));
  assert.ok(!worthTelling(fixAt(112.601, -7.97, { atMs: 2000 }), a));
  assert.ok(worthTelling(fixAt(112.601, -7.97, { atMs: 6000 }), a));
  assert.ok(!worthTelling(fixAt(112.60001, -7.97, { atMs: 6000 }), a));
  assert.ok(worthTelling(fixAt(112.60001, -7.97, { atMs: 31_000 }), a));
  assert.ok(worthTelling(fixAt(112.601, -7.97, { atMs: -3_600_000 }), a), 'the clock was put back');
});

const status = (state: AssignmentState): Body =>
  ({ case: 'advanceAssignment', value: create(AdvanceAssignmentSchema, { assignmentId: 7n, state }) });
const doneBody: Body = { case: 'done', value: create(DoneSchema) };

test('queue: in order, each once, with the same id after a break', async () => {
  const shelf = new MemoryShelf<Said>();
  const heard: string[] = [];
  let open = false;
  const counts: number[] = [];
  const queue = new Queue(shelf, async (body, id) => {
    if (!open) throw new Error('the line is closed');
    heard.push(`${body.case === 'advanceAssignment' ? body.value.state : ''}:${Buffer.from(id).toString('hex')}`);
    return doneBody;
  }, { changed: (n) => counts.push(n), refused: () => assert.fail() });
  await queue.say(status(S.EN_ROUTE), 7n);
  await queue.say(status(S.ON_SCENE), 7n);
  assert.equal(await queue.waiting(), 2);
  assert.ok(await queue.holds(7n));
  assert.deepEqual((await queue.bodies()).map(({ body }) => body.case === 'advanceAssignment' && body.value.state),
    [S.EN_ROUTE, S.ON_SCENE]);
  const ids = (await shelf.first(9)).map((row) => Buffer.from(row.value.id).toString('hex'));
  open = true;
  await Promise.all([queue.send(), queue.send(), queue.send()]);
  assert.deepEqual(heard, [`${S.EN_ROUTE}:${ids[0]}`, `${S.ON_SCENE}:${ids[1]}`]);
  assert.equal(await queue.waiting(), 0);
  assert.equal(counts.at(-1), 0);
});

test('queue: what the engine refuses is told and does not stand in the way', async () => {
  const refused: string[] = [];
  let full = true;
  const queue = new Queue(new MemoryShelf<Said>(), async (body) => {
    if (body.case === 'setDuty') throw new Refusal('WRONG_STATE', 'no');
    if (full) {
      full = false;
      throw new Refusal('FULL', 'later');
    }
    return doneBody;
  }, { changed: () => {}, refused: (_body, why) => refused.push(why.message) }, 5);
  await queue.say({ case: 'setDuty', value: create(SetDutySchema, { onDuty: true }) });
  await queue.say(status(S.EN_ROUTE));
  for (let i = 0; i < 200 && (await queue.waiting()) > 0; i++) await new Promise((go) => setTimeout(go, 5));
  assert.deepEqual(refused, ['no']);
  assert.equal(await queue.waiting(), 0);
});

test('patient: measures in bounds, decimals with comma or point', () => {
  const by = (name: string) => measures.find((measure) => measure.name === name)!;
  assert.equal(readMeasure(by('temperatureTenths'), '36,8'), 368);
  assert.equal(readMeasure(by('temperatureTenths'), '36.8'), 368);
  assert.equal(readMeasure(by('pulse'), ' 96 '), 96);
  assert.equal(readMeasure(by('pulse'), ''), undefined);
  assert.match(String(readMeasure(by('comaScale'), '2')), /3 sampai 15/);
  assert.match(String(readMeasure(by('pulse'), '96.5')), /Nadi/);
  assert.match(String(readMeasure(by('glucose'), 'tinggi')), /Gula/);
});

test('device: a receipt names what it is of; an engine that was replaced is refused', () => {
  const told = { case: 'order' as const, value: order({ epoch: 4n, toldSeq: 9n }) };
  const taken = receiptOf(told, 4n);
  assert.ok(taken.case === 'orderReceived' && !taken.value.refused && taken.value.toldSeq === 9n && taken.value.epoch === 4n);
  const refused = receiptOf(told, 5n);
  assert.ok(refused.case === 'orderReceived' && refused.value.refused && refused.value.seenEpoch === 5n);
});

test('device: a batch is read back as it was measured', () => {
  const rows = [0, 4000, 9100, 40_000].map((atMs, i) => ({ key: 11 + i, value: fixAt(112.6 + i * 0.00123, -7.97 - i * 0.0004,
    { atMs: 1_700_000_000_000 + atMs, speedMps: i * 5, headingDeg: i === 0 ? undefined : 359, accuracyM: 7 + i }) }));
  const batch = batchOf(3, rows, 1_700_000_050_000);
  let [at, lon, lat] = [Number(batch.firstAtMs), 0, 0];
  rows.forEach(({ value }, i) => {
    if (i > 0) at += batch.stepMs + batch.lateMs[i - 1]!;
    lon += batch.lon[i]!;
    lat += batch.lat[i]!;
    assert.equal(at, value.atMs);
    assert.ok(Math.abs(lon / 1e5 - value.lon) <= 0.5e-5 + 1e-9 && Math.abs(lat / 1e5 - value.lat) <= 0.5e-5 + 1e-9);
    assert.equal(batch.accuracyM[i], value.accuracyM);
    assert.equal(batch.speed[i], i === 0 ? 0 : 1 + i * 18);
    assert.equal(batch.heading[i], i === 0 ? 0 : 1);
  });
  assert.deepEqual([batch.first, batch.ageMs, batch.stream], [11n, 10_000n, 3]);
  assert.deepEqual(together([...rows, { key: 20, value: rows[0]!.value }]).map((row) => row.key), [11, 12, 13, 14]);
  // Three weeks in a drawer lie between two batches.
  const later = { key: 15, value: { ...rows[3]!.value, atMs: rows[3]!.value.atMs + 21 * 86_400_000 } };
  assert.deepEqual(together([...rows, later]).map((row) => row.key), [11, 12, 13, 14]);
  // What no receiver means is cut to what the engine takes: one refused batch would hold up all others.
  const wild = batchOf(3, [{ key: 1, value: fixAt(112.6, -7.97, { accuracyM: 250_000, speedMps: 400 }) }], 1_700_000_050_000);
  assert.deepEqual([wild.accuracyM, wild.speed], [[100_000], [1001]]);
});
