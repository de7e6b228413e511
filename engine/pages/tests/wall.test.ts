import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { DistrictSchema, DistrictsSchema, MomentSchema, PastIncidentSchema, PastSchema } from '#proto/wall_pb';
import { pictureOf, PastShelf } from '../wall/past';
import { outlines, polygonsOf, shapesOf } from '../wall/shapes';

const known = (number: number) => ({ code: `U${number}`, kind: 1 });
const past = create(PastSchema, {
  moments: [
    create(MomentSchema, {
      atMs: 1000n, unitNumbers: [1, 2], lonE6: [112_630_000, 112_640_000], latE6: [-7_970_000, -7_960_000],
      statuses: [2, 4], agesS: [0, 30], incidents: [create(PastIncidentSchema, { id: 7n, state: 2, priority: 1, lonE6: 5, latE6: 6 })],
    }),
    create(MomentSchema, { atMs: 11_000n, unitNumbers: [2], lonE6: [100], latE6: [-50], statuses: [5], agesS: [4], ended: [7n] }),
    create(MomentSchema, { atMs: 21_000n, unitNumbers: [1], lonE6: [-112_630_000], latE6: [7_970_000], statuses: [1], agesS: [4294967295] }),
  ],
  keptFromAtMs: 1000n, keptUntilAtMs: 21_000n,
});

test('past: a moment is put together from the whole one and what followed', () => {
  const first = pictureOf(past, 5000, known)!;
  assert.equal(first.atMs, 1000);
  assert.deepEqual(first.units.map(({ code, status, lon }) => [code, status, lon]),
    [['U1', 'available', 112.63], ['U2', 'en_route', 112.64]]);
  assert.equal(first.units[0]!.positionedAtMs, undefined, 'at its station');
  assert.equal(first.units[1]!.positionedAtMs, 1000 - 30_000);
  assert.equal(first.incidents[0]!.stage, 'waiting');
  const second = pictureOf(past, 11_000, known)!;
  assert.deepEqual(second.units.map(({ status, lon, lat }) => [status, lon, lat])[1], ['on_scene', 112.6401, -7.96005]);
  assert.equal(second.incidents.length, 0);
  const last = pictureOf(past, 99_000, known)!;
  assert.deepEqual(last.units.map(({ code }) => code), ['U2']);
  assert.deepEqual(last.unplaced, ['off_duty']);
});

test('past: a stretch is asked for once, the one that grows again', async () => {
  const asked: number[] = [];
  const shelf = new PastShelf(async (atMs) => {
    asked.push(atMs);
    return atMs < 1000 ? create(PastSchema, { ...past, nextAtMs: 31_000n }) : past;
  });
  await shelf.stretch(500);
  await shelf.stretch(15_000); // within the stretch that began at 1000 and ends before 31,000
  assert.deepEqual(asked, [500]);
  await shelf.stretch(40_000);
  assert.deepEqual(asked, [500, 40_000]);
  assert.equal(shelf.untilMs, 21_000);
});

const area = (ring: [number, number][]) => ring.reduce((sum, [x, y], i) => {
  const [nx, ny] = ring[(i + 1) % ring.length]!;
  return sum + (x * ny - nx * y) / 2;
}, 0);

test('shapes: outlines hold exactly the strips', () => {
  const rows = new Map<number, [number, number][]>([
    [3, [[0, 10]]], [4, [[0, 3], [7, 10]]], [5, [[0, 3], [7, 12]]], [6, [[0, 12]]], [8, [[20, 25]]],
  ]);
  const rings = outlines(rows);
  const strips = [...rows.values()].flat().reduce((sum, [from, to]) => sum + to - from, 0);
  assert.equal(rings.reduce((sum, ring) => sum + area(ring), 0), strips);
  assert.equal(rings.filter((ring) => area(ring) < 0).length, 1, 'one hole');
  assert.equal(rings.filter((ring) => area(ring) > 0).length, 2, 'two parts');
  for (const ring of rings) assert.deepEqual(ring[0], ring.at(-1), 'closed');
});

test('shapes: a hole goes with the outline around it', () => {
  const rows = new Map<number, [number, number][]>([
    [0, [[0, 10], [20, 30]]], [1, [[0, 10], [20, 22], [28, 30]]], [2, [[0, 10], [20, 30]]],
  ]);
  const polygons = polygonsOf(outlines(rows));
  assert.deepEqual(polygons.map((rings) => [Math.min(...rings[0]!.map(([x]) => x)), rings.length]).sort(), [[0, 1], [20, 2]]);
});

test('shapes: random strips keep their area', () => {
  let state = 12345;
  const below = (n: number) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * n);
  };
  for (let round = 0; round < 200; round++) {
    const rows = new Map<number, [number, number][]>();
    let sum = 0;
    for (let row = 0; row < 8; row++) {
      const pairs: [number, number][] = [];
      for (let at = below(4); at < 20;) {
        const to = at + 1 + below(6);
        pairs.push([at, to]);
        sum += to - at;
        at = to + 1 + below(5);
      }
      if (pairs.length > 0) rows.set(row, pairs);
    }
    assert.equal(outlines(rows).reduce((all, ring) => all + area(ring), 0), sum);
  }
});

test('shapes: as they are sent', () => {
  const districts = create(DistrictsSchema, {
    southE7: -80_000_000, rowE7: 5000,
    districts: [create(DistrictSchema, { kelurahan: 'Bareng', kecamatan: 'Klojen', rows: [10, 1], fromE6: [112_000_000, -2000], widthE6: [1000, 3000] })],
  });
  const [shape] = shapesOf(districts);
  const ring = shape!.geometry.coordinates[0]![0]!;
  const longitudes = ring.map(([lon]) => lon!);
  assert.equal(Math.min(...longitudes), 111.999);
  assert.equal(Math.max(...longitudes), 112.002);
  assert.ok(Math.abs(Math.min(...ring.map(([, lat]) => lat!)) - -7.995) < 1e-9);
});
