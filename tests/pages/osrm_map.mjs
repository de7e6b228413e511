// Leaflet Routing Machine, unchanged, in a browser against a running engine: the map plug-in
// asks /route, draws the way and lists the instructions.
// node osrm_map.mjs http://127.0.0.1:PORT CHROMIUM [SCREENSHOT.png]
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const [base, executablePath, screenshot] = process.argv.slice(2);
const folder = path.dirname(fileURLToPath(import.meta.url));
const page = `<!doctype html><meta charset="utf-8"><title>map</title>
<link rel="stylesheet" href="/leaflet/dist/leaflet.css">
<link rel="stylesheet" href="/leaflet-routing-machine/dist/leaflet-routing-machine.css">
<style>html, body, #map { margin: 0; height: 100%; background: #eee }</style>
<div id="map"></div>
<script src="/leaflet/dist/leaflet.js"></script>
<script src="/leaflet-routing-machine/dist/leaflet-routing-machine.js"></script>
<script>
  const map = L.map('map').setView([-7.9666, 112.6326], 14);
  const control = L.Routing.control({
    waypoints: [L.latLng(-7.9666, 112.6326), L.latLng(-7.9553, 112.6153)],
    router: L.Routing.osrmv1({ serviceUrl: '${base}/route/v1' }),
    showAlternatives: true,
  }).addTo(map);
  control.on('routesfound', (e) => { window.found = e.routes; });
  control.on('routingerror', (e) => { window.failed = e.error; });
</script>`;

// The plug-in's own files, from where the package manager put them; the engine is another
// origin, as it would be in use.
const server = http.createServer(async (request, response) => {
  if (request.url === '/') return response.end(page);
  const file = path.normalize(path.join(folder, 'node_modules', request.url));
  const types = { '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
  try {
    assert.ok(file.startsWith(path.join(folder, 'node_modules')));
    const bytes = await readFile(file);
    response.setHeader('Content-Type', types[path.extname(file)] ?? 'application/octet-stream');
    response.end(bytes);
  } catch {
    response.statusCode = 404;
    response.end();
  }
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const tab = await browser.newPage({ viewport: { width: 1100, height: 800 } });
  await tab.goto(`http://127.0.0.1:${server.address().port}/`);
  await tab.waitForFunction(() => window.found || window.failed, null, { timeout: 30000 });
  assert.equal(await tab.evaluate(() => window.failed && JSON.stringify(window.failed)), undefined);
  const found = await tab.evaluate(() => window.found.map((route) => ({
    metres: route.summary.totalDistance,
    seconds: route.summary.totalTime,
    points: route.coordinates.length,
    instructions: route.instructions.map((i) => i.text),
  })));
  assert.ok(found.length >= 1 && found[0].metres > 1000 && found[0].points > 10);
  const rows = await tab.locator('.leaflet-routing-alt').first().locator('tbody tr').allInnerTexts();
  assert.equal(rows.length, found[0].instructions.length);
  assert.ok(rows.length >= 3);
  for (const text of found[0].instructions) assert.ok(text && !text.includes('undefined'), text);
  assert.match(found[0].instructions[0], /^Head /);
  assert.match(found[0].instructions.at(-1), /destination/);
  assert.ok((await tab.locator('path.leaflet-interactive').count()) > 0);
  if (screenshot) await tab.screenshot({ path: screenshot });
  console.log(`leaflet-routing-machine: ${found.length} route(s), ${rows.length} instructions`);
  for (const row of rows) console.log(`  ${row.replace(/\s+/g, ' ')}`);
} finally {
  await browser.close();
  server.close();
}
