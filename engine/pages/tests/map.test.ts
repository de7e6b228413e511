import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boxAround, circleOf, differenceOf, tileUrls } from '../lib/map_shapes';

const spot = (id: string, lon: number, lat: number, properties: Record<string, unknown> = {}) => ({
  type: 'Feature' as const, id, geometry: { type: 'Point' as const, coordinates: [lon, lat] }, properties: { id, ...properties },
});
const picture = (...spots: ReturnType<typeof spot>[]) => new Map(spots.map((one) => [one.id, one]));

test('map: nothing changed is no difference', () => {
  const before = picture(spot('a', 1, 2, { label: 'A' }), spot('b', 3, 4));
  assert.equal(differenceOf(before, picture(spot('a', 1, 2, { label: 'A' }), spot('b', 3, 4))), undefined);
  assert.equal(differenceOf(picture(), picture()), undefined);
});

test('map: a difference names what came, went, moved and changed', () => {
  const before = picture(spot('gone', 0, 0), spot('moved', 1, 1), spot('said', 2, 2, { label: 'x', heading: 5 }), spot('same', 3, 3));
  const diff = differenceOf(before, picture(spot('moved', 1, 1.5), spot('said', 2, 2, { label: 'y' }), spot('same', 3, 3), spot('new', 4, 4)));
  assert.deepEqual(diff?.remove, ['gone']);
  assert.deepEqual(diff?.add?.map((one) => one.id), ['new']);
  assert.deepEqual(diff?.update, [
    { id: 'moved', newGeometry: { type: 'Point', coordinates: [1, 1.5] } },
    { id: 'said', removeProperties: ['heading'], addOrUpdateProperties: [{ key: 'label', value: 'y' }] },
  ]);
});

test('map: the very same line is no difference, another one is', () => {
  const line = (id: string) => ({
    type: 'Feature' as const, id, geometry: { type: 'LineString' as const, coordinates: [[0, 0], [1, 1]] }, properties: { id },
  });
  const one = line('way');
  assert.equal(differenceOf(new Map([['way', one]]), new Map([['way', one]])), undefined);
  assert.equal(differenceOf(new Map([['way', one]]), new Map([['way', line('way')]]))?.update?.length, 1);
});

test('map: a circle has its radius all around', () => {
  const [ring] = circleOf(112.63, -7.98, 500).coordinates;
  assert.deepEqual(ring![0], ring!.at(-1));
  for (const [lon, lat] of ring!) {
    const east = (lon! - 112.63) * 111_320 * Math.cos((-7.98 * Math.PI) / 180);
    const north = (lat! + 7.98) * 111_320;
    assert.ok(Math.abs(Math.hypot(east, north) - 500) < 1);
  }
});

test('map: tiles of a district, each once, and bounded', () => {
  const urls = tileUrls(boxAround([112.6326, -7.9797], 3000), [5, 15]);
  assert.equal(new Set(urls).size, urls.length);
  assert.ok(urls.includes('/tiles/13/6659/4278.mvt')); // the town square's, as the engine counts
  for (const url of urls) assert.match(url, /^\/tiles\/\d+\/\d+\/\d+\.mvt$/);
  assert.ok(urls.some((url) => url.startsWith('/tiles/15/')));
  const few = tileUrls(boxAround([112.6326, -7.9797], 30_000), [5, 17], 100);
  assert.ok(few.length > 0 && few.length <= 100);
});
