// The command center's wall, the public page and the planner's page over a running engine.
// node wall.mjs http://127.0.0.1:PORT CHROMIUM TOKENS [FOLDER FOR SCREENSHOTS]
// TOKENS: lines "dispatcher TOKEN", "viewer TOKEN", "planner TOKEN" and "UNIT TOKEN".
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { hearTroubles, openBrowser, until } from './lib/browser.mjs';
import { Sigap } from './lib/sigap.mjs';

const [base, executablePath, tokens, pictures] = process.argv.slice(2);
const lines = readFileSync(tokens, 'utf8').trim().split('\n').map((line) => line.split(' '));
const token = Object.fromEntries(lines);
const unitCode = lines.at(-1)[0];
const sigap = new Sigap(base, token.dispatcher);
const crew = new Sigap(base, token[unitCode]);
const browser = await openBrowser(executablePath);
const picture = (page, name) => pictures && page.screenshot({ path: `${pictures}/${name}.png` });

async function openWall(width, height, more = '') {
  const context = await browser.newContext({ viewport: { width, height }, locale: 'id-ID' });
  const page = await context.newPage();
  const troubles = hearTroubles(page);
  const line = { broken: false, open: new Set() };
  await page.routeWebSocket(/\/v1\/socket/, (socket) => {
    if (line.broken) return socket.close();
    socket.connectToServer();
    line.open.add(socket);
  });
  await page.goto(`${base}/wall/${more}#token=${token.viewer}`);
  await page.locator('.connection.open').waitFor({ timeout: 120_000 });
  await page.waitForFunction(() => Number(document.documentElement.dataset.pictures) > 0, null, { timeout: 120_000 });
  return { context, page, troubles, line };
}
const settled = (page) => pictures && page.waitForTimeout(2500); // tiles and letters; nothing is asserted on it

try {
  const unit = await sigap.unit(unitCode);
  await crew.ask({ setDuty: { onDuty: true } });
  const scene = { lon: unit.stationPoint.lon + 0.01, lat: unit.stationPoint.lat + 0.006 };

  const { context, page, troubles, line } = await openWall(1920, 1080);
  assert.equal(await page.evaluate(() => location.hash), '', 'the token leaves the address bar at once');
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark', 'dark by default');
  await until('the unit is free', async () => (await page.locator('[data-status=available] b').innerText()) === '1');

  // What happens comes by itself.
  const before = Date.now();
  const { incidentId } = await sigap.call(scene, 'chest_pain'); // the only unit on duty is ordered
  const row = page.locator(`[data-incident="${incidentId}"]`);
  await row.waitFor();
  await until('the unit is ordered', async () => (await page.locator('[data-status=ordered] b').innerText()) === '1');
  assert.match(await row.innerText(), new RegExp(unitCode));
  await until('the day has a call', async () => (await page.locator('[data-figure=calls] b').innerText()) !== '0');
  await until('the city is covered by somebody', async () => /\d/.test(await page.locator('#covered').innerText()));
  await settled(page);
  await picture(page, 'wall-1080-dark');

  // Chosen by its number, and let go.
  await page.keyboard.press('1');
  await page.locator('#chosen').waitFor();
  assert.match(await page.locator('#chosen h3').innerText(), /Kamera/);
  const seen = page.locator('#chosen [data-camera]');
  await until('a camera is near', async () => (await seen.count()) > 0);
  await picture(page, 'wall-1080-chosen');
  await page.keyboard.press('Escape');
  await until('nothing is chosen', async () => (await page.locator('#chosen').count()) === 0);

  // Locked: no hand moves it, and two presses unlock.
  await page.keyboard.press('l');
  await until('it is locked', async () => page.evaluate(() => document.documentElement.classList.contains('view-locked')));
  const center = () => page.evaluate(() => document.documentElement.dataset.center);
  const box = await page.locator('#map canvas').first().boundingBox();
  const drag = async () => {
    await page.mouse.move(box.x + 500, box.y + 400);
    await page.mouse.down();
    await page.mouse.move(box.x + 250, box.y + 200, { steps: 8 });
    await page.mouse.up();
    await page.waitForTimeout(700);
  };
  const was = await center();
  await drag();
  await page.mouse.wheel(0, 800);
  await page.waitForTimeout(700);
  assert.equal(await center(), was, 'locked, the map stays');
  await page.keyboard.press('l');
  assert.ok(await page.evaluate(() => document.documentElement.classList.contains('view-locked')), 'one press is not enough');
  await page.keyboard.press('l');
  await until('it is open again', async () => page.evaluate(() => !document.documentElement.classList.contains('view-locked')));
  await drag();
  await until('open, the map moves', async () => (await center()) !== was);

  // The last hours: before the call there was no call, and the page says that it is the past.
  await until('a moment from before and one from after are kept', async () => {
    const { past } = await sigap.ask({ askPast: { atMs: String(Date.now()) } });
    return Number(past.keptUntilAtMs) > before + 3000 && Number(past.keptFromAtMs) < before;
  });
  await until('the slider knows', async () => page.evaluate((at) =>
    Number(document.querySelector('#moment').max) * 1000 > at, before + 2000), 60);
  await page.locator('#moment').evaluate((slider) => {
    slider.value = slider.min;
    slider.dispatchEvent(new Event('input'));
  });
  await page.locator('#past-frame').waitFor();
  await until('the incident is not there yet', async () => (await row.count()) === 0);
  assert.match(await page.locator('#past-frame').innerText(), /MASA LALU/);
  assert.ok(Number(await page.evaluate(() => document.documentElement.dataset.shownAt)) < before);
  await settled(page);
  await picture(page, 'wall-1080-past');
  await page.locator('#back-to-now').click();
  await row.waitFor();
  assert.ok(await page.locator('#past-frame').isHidden());

  // Light, by choice.
  await page.keyboard.press('t');
  await settled(page);
  await picture(page, 'wall-1080-light');
  await page.keyboard.press('t');

  // A dead feed cannot be overlooked.
  line.broken = true;
  for (const socket of line.open) await socket.close();
  await page.locator('#dead-feed').waitFor({ timeout: 120_000 });
  assert.match(await page.locator('#dead-feed').innerText(), /DATA TERPUTUS[\s\S]*yang lalu/);
  await picture(page, 'wall-1080-dead');
  line.broken = false;
  await page.locator('#dead-feed').waitFor({ state: 'hidden', timeout: 120_000 });
  await row.waitFor();
  await page.locator('#language').click();
  await page.locator('#queue h2', { hasText: 'Incidents' }).waitFor();
  assert.deepEqual(troubles, []);
  await context.close();

  // The large one is drawn without a graphics card here, slowly: looked at only where asked for.
  if (pictures) {
    const large = await openWall(3840, 2160);
    await settled(large.page);
    await picture(large.page, 'wall-2160-dark');
    assert.deepEqual(large.troubles, []);
    await large.context.close();
  }

  // Everybody, without a token.
  const street = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'id-ID' });
  const open = await street.newPage();
  const openTroubles = hearTroubles(open);
  await until('something is old enough', async () => (await fetch(`${base}/v1/public`)).status === 200, 120);
  await open.goto(`${base}/wall/?public`);
  await open.locator('#public-time', { hasText: /\d/ }).waitFor();
  await until('there are figures', async () => (await open.locator('#public-figures .big-line').count()) > 0
    || (await open.reload(), await open.waitForTimeout(1000), false));
  const text = await open.locator('body').innerText();
  assert.ok(!text.includes(unitCode), 'no unit by name');
  assert.ok(await open.evaluate(() => Object.keys(localStorage).every((key) => !key.includes('token'))));
  await settled(open);
  await picture(open, 'wall-public');
  assert.deepEqual(openTroubles, []);
  await street.close();

  // Reports: for planners.
  const desk = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'id-ID' });
  const planner = await desk.newPage();
  const plannerTroubles = hearTroubles(planner);
  await planner.goto(`${base}/planner/#token=${token.planner}`);
  await planner.locator('#reports li button').first().waitFor();
  await planner.locator('[data-side=left][data-report]').first().click();
  await planner.locator('[data-side=right][data-report]').nth(1).click();
  const frame = planner.frameLocator('iframe[data-side=left]');
  await frame.locator('h1').waitFor();
  assert.match(await frame.locator('body').innerText(), /\w/);
  assert.equal(await planner.locator('iframe').count(), 2);
  await picture(planner, 'planner');
  assert.deepEqual(plannerTroubles, []);
  await desk.close();
  const viewer = await browser.newContext();
  const refused = await viewer.newPage();
  await refused.goto(`${base}/planner/#token=${token.viewer}`);
  await refused.locator('.trouble', { hasText: 'perencana' }).waitFor();
  console.log('wall: ok');
} finally {
  await browser.close();
}
