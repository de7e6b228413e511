// One job as all of them see it: a caller, a crew, a hospital, the command center's wall.
// node evening.mjs http://127.0.0.1:PORT CHROMIUM TOKENS [--away SECONDS] [--pictures FOLDER]
// TOKENS: lines "dispatcher TOKEN", "viewer TOKEN", "crew UNIT TOKEN", "hospital CODE TOKEN".
// The crew is without a line for so many seconds by the clock (8; 120 in earnest).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { openBrowser, until } from './lib/browser.mjs';
import { CallerPage } from './lib/caller.mjs';
import { CrewPage } from './lib/crew.mjs';
import { HospitalPage } from './lib/hospital.mjs';
import { driveOf, Sigap } from './lib/sigap.mjs';
import { WallPage } from './lib/wall.mjs';

const [base, executablePath, tokens, ...options] = process.argv.slice(2);
const option = (name) => (options.includes(name) ? options[options.indexOf(name) + 1] : undefined);
const awayMs = Number(option('--away') ?? 8) * 1000;
const pictures = option('--pictures');
const known = Object.fromEntries(readFileSync(tokens, 'utf8').trim().split('\n').map((line) => {
  const [who, ...rest] = line.split(' ');
  return [who, rest];
}));
const desk = new Sigap(base, known.dispatcher[0]);
const [unitCode, crewToken] = known.crew;
const [hospitalCode, hospitalToken] = known.hospital;
const browser = await openBrowser(executablePath);
const picture = (who, name, more = {}) =>
  pictures && who.page.screenshot({ path: `${pictures}/${name}.png`, ...more });
const text = (who, selector) => who.page.locator(selector).innerText();
const said = (step) => console.log(`  ${step}`);

try {
  const unit = await desk.unit(unitCode);
  const station = unit.stationPoint;
  const scene = { lon: station.lon + 0.012, lat: station.lat + 0.008 };
  const wall = await WallPage.open(browser, base, known.viewer[0]);
  const hospital = await HospitalPage.open(browser, base, hospitalToken);
  assert.match(await text(hospital, '#connection'), /Tersambung/);
  await until('nobody is on the way', async () => /\(0\)/.test(await text(hospital, '.coming h2')));

  // Beds: two people at once; nothing is overwritten.
  await hospital.setBeds(5);
  await until('five beds are free', async () =>
    (await desk.hospitals()).find((one) => one.code === hospitalCode).freeBeds === 5);
  await hospital.page.locator('#beds').fill('4');
  await desk.ask({ tellHospital: { hospitalCode, beds: 2 } });
  await hospital.page.locator('#save').click();
  await hospital.page.locator('#conflict').waitFor();
  await until('both are shown', async () => /2 tempat tidur[^]*4 tempat tidur/.test(await text(hospital, '#conflict')));
  assert.equal((await desk.hospitals()).find((one) => one.code === hospitalCode).freeBeds, 2);
  await picture(hospital, '01-hospital-conflict');
  await hospital.page.locator('#keep-mine').click();
  await until('four beds, by a decision', async () =>
    (await desk.hospitals()).find((one) => one.code === hospitalCode).freeBeds === 4);
  said('hospital: sets its beds; a conflict is shown and decided by a person');

  // A call; nobody is on duty yet. Its phone opens the link.
  const { callId, incidentId } = await desk.call(scene, 'chest_pain');
  const { locateToken } = await desk.ask({ locateCall: { callId } });
  const link = `${base}/caller/#${locateToken.token}`;
  const caller = await CallerPage.open(browser, link, scene, { viewport: { width: 320, height: 568 } });
  await caller.stage('STAGE_SEARCHING');
  assert.equal(await caller.page.evaluate(() => location.hash), '', 'the token leaves the address bar at once');
  await until('first aid is there', async () => (await caller.page.locator('#aid .steps li').count()) > 0);
  await until('the phone’s position is known', async () => /±/.test(await text(caller, '#position')));
  assert.equal(await caller.page.evaluate(() => document.documentElement.scrollWidth), 320, 'nothing is wider than 320 px');
  await picture(caller, '02-caller-searching', { fullPage: true });
  const stranger = await CallerPage.open(browser, link);
  await stranger.ended();
  assert.equal(await stranger.page.locator('#ended').getAttribute('data-why'), 'refused');
  await picture(stranger, '03-stranger');
  await stranger.close();
  await caller.page.reload(); // the same phone may
  await caller.stage('STAGE_SEARCHING');
  await wall.incident(incidentId);
  assert.match(await wall.row(incidentId).innerText(), /menunggu|mencari/i, 'it waits for a unit');
  said('caller: opens the link; another phone sees nothing; a reload works');

  // Words, one of them while the phone has no line; each arrives once.
  await caller.page.locator('[data-sign="2"]').click();
  await caller.page.locator('#sign-note:not(:empty)').waitFor({ timeout: 120_000 });
  await caller.context.setOffline(true);
  await caller.page.locator('#line.away').waitFor({ timeout: 120_000 });
  await caller.write('rumah pagar hijau, lantai dua');
  await caller.page.locator('.word.waits').waitFor();
  await picture(caller, '04-caller-offline', { fullPage: true });
  await caller.context.setOffline(false);
  await caller.page.locator('#line.open').waitFor({ timeout: 120_000 });
  const heard = async () => (await desk.ask({ getConversation: { callId } })).conversation;
  await until('the control room has both', async () => (await heard()).messages?.length === 2);
  assert.equal((await heard()).chat.unread, 2);
  await desk.ask({ sayToCaller: { callId, text: 'Kami baca pesan Anda. Tetap di dalam, jangan bicara.' } });
  await caller.page.locator('#newest').waitFor();
  assert.match(await text(caller, '#newest .text'), /jangan bicara/);
  assert.equal((await heard()).chat.unread ?? 0, 0);
  await picture(caller, '05-caller-words', { fullPage: true });
  await caller.write('baik');
  await until('it is answered', () => caller.page.locator('#newest').isHidden());
  await until('four words are sent', async () =>
    (await caller.words()).length === 4 && (await caller.page.locator('.word.waits').count()) === 0);
  said('words: four, each once, one of them written without a line');

  // A crew signs on and is ordered. Meanwhile the hospital's line is away.
  await hospital.context.setOffline(true);
  const crew = await CrewPage.open(browser, base, crewToken, station);
  await crew.touch('#tab-more');
  await crew.touch('#duty'); // and is ordered at once
  await crew.orderScreen();
  await caller.stage('STAGE_ASKED');
  await picture(crew, '06-crew-order');
  await crew.accept();
  await caller.stage('STAGE_COMING');
  await crew.touch('#tab-road');
  await crew.step('Berangkat');
  const way = await driveOf(base, station, scene);
  const half = Math.floor(way.length / 2);
  await crew.drive(way.slice(0, half));
  await until('the caller is told when', async () => /menit|sebentar/.test(await text(caller, '#arrival')));
  assert.match(await text(caller, '#stage'), /Ambulans/);
  const page = await caller.page.content();
  for (const name of [unitCode, 'dispatcher']) assert.ok(!page.includes(name), `the caller never reads ${name}`);
  await picture(caller, '07-caller-coming', { fullPage: true });
  await picture(crew, '08-crew-driving');
  await wall.unit(incidentId, unitCode);
  await picture(wall, '09-wall-driving');
  said('crew: ordered, accepts, drives; the caller is told when help comes, and not who');

  // No line for a while, by the clock. What the crew does is kept; the caller is told that it is not
  // heard of. The hospital's page says that its own line is away.
  const assignmentId = (await desk.incident(incidentId)).assignments[0].id;
  await crew.offline();
  const leftAt = Date.now();
  await crew.drive(way.slice(half));
  await crew.step('Tiba di lokasi');
  await until('what waits is shown', async () => /belum terkirim/.test(await text(crew, '#waiting')));
  await until('a dead feed is loud', () => hospital.page.locator('#feed.dead').isVisible());
  const banner = await hospital.page.locator('#feed.dead').boundingBox();
  assert.ok(banner.y >= 0 && banner.y < 10 && banner.width > 1300, 'over the whole width, however far one has scrolled');
  await picture(hospital, '10-hospital-dead-feed');
  await hospital.context.setOffline(false);
  await until('the feed is back', async () => !(await hospital.page.locator('#feed.dead').isVisible()));
  if (awayMs > 100_000) {
    await until('the caller is told that it is not certain', () => caller.page.locator('#unsure:not(:empty)').isVisible(), 180);
    await picture(caller, '11-caller-unsure', { fullPage: true });
  }
  await new Promise((go) => setTimeout(go, Math.max(0, awayMs - (Date.now() - leftAt))));
  const awayS = Math.round((Date.now() - leftAt) / 1000);
  assert.equal((await desk.unit(unitCode)).status, 'UNIT_EN_ROUTE', 'the engine has heard nothing');
  await picture(crew, '12-crew-offline');
  await crew.online();
  await crew.connected();
  await crew.allSent();
  await caller.stage('STAGE_THERE');
  await picture(caller, '13-caller-there', { fullPage: true });
  said(`crew: ${awayS} s without a line; what it did arrives`);

  // The patient: red, to our hospital, which hears it loudly.
  await crew.touch('#tab-patient');
  await crew.touch('[data-colour=red]');
  await crew.allSent();
  await crew.touch('#tab-hospital');
  await crew.touch(`#hospital-choices [data-hospital="${hospitalCode}"]`);
  await crew.step('Berangkat ke RS');
  await crew.touch('#tab-road');
  const card = hospital.card(assignmentId);
  await card.waitFor({ timeout: 120_000 });
  await hospital.page.locator('#alarm', { hasText: 'MERAH' }).waitFor({ timeout: 120_000 });
  assert.match(await card.innerText(), /MERAH/);
  const there = (await desk.hospitals()).find((one) => one.code === hospitalCode).point;
  const ride = await driveOf(base, scene, there);
  const middle = Math.floor(ride.length / 2);
  await crew.drive(ride.slice(0, middle), { every: 2 });
  await until('the arrival is told', async () => /lagi \(pukul|segera tiba/.test(await card.innerText()));
  await picture(hospital, '14-hospital-red');
  await caller.stage('STAGE_LEAVING');
  await card.locator('button').click();
  await until('it is seen', async () => /Diketahui/.test(await card.innerText()));
  await until('and silent', () => hospital.page.locator('#alarm').isHidden());
  assert.ok(Number((await desk.incident(incidentId)).assignments[0].seenAtMs) > 0);
  await crew.drive(ride.slice(middle), { every: 2 });
  await crew.step('Tiba di RS');
  await until('it waits at the door', async () => /Menunggu serah terima/.test(await card.innerText()));
  await picture(hospital, '15-hospital-waits');
  said('hospital: a red one is loud until seen; its arrival runs; it waits at the door');

  await crew.step('Pasien diserahkan');
  await until('it is handed over', async () => (await card.count()) === 0);
  await crew.step('Selesai, siap lagi');
  await crew.allSent();
  await until('the handover is counted', async () => (await text(hospital, '#handover-count')) === '1');
  await picture(hospital, '16-hospital-handed-over');
  await picture(wall, '17-wall-end');

  // The incident is over: the caller's page knows nothing any more.
  if ((await desk.incident(incidentId)).incident.state !== 'INCIDENT_CLOSED')
    await desk.ask({ closeIncident: { incidentId, outcome: 'SERVED' } });
  await caller.ended();
  assert.equal(await caller.page.locator('#ended').getAttribute('data-why'), 'closed');
  assert.deepEqual(await caller.kept(), []);
  assert.ok(!(await caller.page.content()).includes('pagar hijau'), 'no word is left on the page');
  await picture(caller, '18-caller-ended');
  await caller.page.reload();
  await caller.ended();
  await wall.incidentGone(incidentId);

  // Every state once, in order, however often it was sent.
  const detail = await desk.incident(incidentId);
  const states = detail.assignments[0].stamps.map((stamp) => stamp.state);
  assert.deepEqual(states, [...new Set(states)], 'no state twice');
  for (const state of ['ACCEPTED', 'EN_ROUTE', 'ON_SCENE', 'TRANSPORTING', 'AT_HOSPITAL', 'HANDED_OVER'])
    assert.ok(states.includes(state), `${state} was told`);
  const log = (await desk.ask({ getLog: { incidentId } })).log.entries;
  assert.equal(log.filter((entry) => entry.event === 'MESSAGE_SAID').length, 4, 'four words in the log');
  for (const who of [crew, caller, hospital, wall]) assert.deepEqual(who.troubles, []);
  console.log(`evening: a caller, a crew (${awayS} s without a line), a hospital and the wall, one job`);
} finally {
  await browser.close();
}
