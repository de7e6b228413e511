// An OSRM client library, unchanged, against a running engine.
// node osrm_clients.mjs http://127.0.0.1:PORT
import assert from 'node:assert/strict';
import polyline from '@mapbox/polyline';
import osrmRestClient from 'osrm-rest-client';

const base = process.argv[2];
const osrm = osrmRestClient.OSRM({ osrm: base });
const coordinates = [
  [112.6326, -7.9666],
  [112.6153, -7.9553],
  [112.6304, -7.9797],
];

const route = await osrm.route({ coordinates, steps: true, overview: 'full', alternatives: false });
assert.equal(route.code, 'Ok');
assert.equal(route.waypoints.length, 3);
assert.equal(route.routes[0].legs.length, 2);
const line = polyline.decode(route.routes[0].geometry);
assert.ok(line.length > 10);
const sum = route.routes[0].legs.reduce((all, leg) => all + leg.duration, 0);
assert.ok(Math.abs(sum - route.routes[0].duration) < 0.01);
for (const leg of route.routes[0].legs) {
  assert.equal(leg.steps[0].maneuver.type, 'depart');
  assert.equal(leg.steps.at(-1).maneuver.type, 'arrive');
  // Each step begins where the one before ended.
  for (let i = 1; i < leg.steps.length; i++)
    assert.deepEqual(polyline.decode(leg.steps[i - 1].geometry).at(-1),
                     polyline.decode(leg.steps[i].geometry)[0]);
}

const table = await osrm.table({ coordinates });
assert.equal(table.code, 'Ok');
assert.equal(table.durations.length, 3);
for (let i = 0; i < 3; i++) assert.equal(table.durations[i][i], 0);
// The table's times are the routes' times.
const pair = await osrm.route({ coordinates: coordinates.slice(0, 2) });
assert.equal(pair.routes[0].duration, table.durations[0][1]);

const nearest = await osrm.nearest({ coordinates: [coordinates[0]], number: 3 });
assert.equal(nearest.waypoints.length, 3);
assert.ok(nearest.waypoints[0].distance <= nearest.waypoints[1].distance);

// A drive along the route is matched to it.
const track = line.filter((_, i) => i % 4 === 0).slice(0, 60).map(([lat, lon]) => [lon, lat]);
const match = await osrm.match({ coordinates: track, overview: 'full', geometries: 'geojson' });
assert.equal(match.code, 'Ok');
assert.ok(match.tracepoints.filter((point) => point).length > track.length * 0.9);
assert.ok(match.matchings[0].confidence > 0);

// What VROOM sends: all against all, times and lengths.
const places = coordinates.map((pair) => pair.join(',')).join(';');
const answer = await fetch(`${base}/table/v1/car/${places}?annotations=duration,distance`);
const matrix = await answer.json();
assert.equal(matrix.code, 'Ok');
assert.deepEqual(matrix.durations, table.durations);
assert.ok(Math.abs(matrix.distances[0][1] - pair.routes[0].distance) < 0.01);

console.log(`osrm-rest-client: ${route.routes[0].legs.length} legs, ${line.length} points, ` +
            `${match.matchings.length} matching(s)`);
