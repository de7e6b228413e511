// A crew's job on its page, from login to hand-over, with the line taken away in between.
// node crew.mjs http://127.0.0.1:PORT CHROMIUM TOKENS [FOLDER FOR SCREENSHOTS]
// TOKENS: lines "dispatcher TOKEN" and "UNIT TOKEN".
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { openBrowser, until } from './lib/browser.mjs';
import { CrewPage, halves } from './lib/crew.mjs';
import { driveOf, Sigap } from './lib/sigap.mjs';

const [base, executablePath, tokens, pictures] = process.argv.slice(2);
const [[, dispatcher], [unitCode, token]] = readFileSync(tokens, 'utf8').trim().split('\n').map((line) => line.split(' '));
const sigap = new Sigap(base, dispatcher);
const unit = await sigap.unit(unitCode);
const station = unit.stationPoint;
const browser = await openBrowser(executablePath);
const picture = (crew, name) => pictures && crew.page.screenshot({ path: `${pictures}/${name}.png` });

await checkDirections(sigap, station);
try {
  const crew = await CrewPage.open(browser, base, token, station);
  const { page } = crew;
  assert.equal(await page.evaluate(() => location.hash), '', 'the token leaves the address bar at once');
  await crew.goOnDuty();
  await until('the unit is on duty', async () => (await sigap.unit(unitCode)).onDuty);
  await picture(crew, '1-waiting');

  // An order: full screen, rings until a person has seen it, received without anybody's doing.
  const scene = { lon: station.lon - 0.0015, lat: station.lat + 0.0016 };
  await sigap.ask({ setPremise: { point: scene, kind: 'PREMISE_HAZARD', radiusM: 60, text: 'anjing galak di halaman' } });
  const { incidentId } = await sigap.call(scene, 'chest_pain'); // the only unit on duty is ordered
  await crew.orderScreen();
  const box = await page.locator('#order-screen').boundingBox();
  assert.deepEqual([box.width, box.height], [360, 740], 'the order screen covers the whole screen');
  assert.match(await page.locator('#order-screen .hazard').innerText(), /AWAS: anjing galak/);
  await picture(crew, '2-order');
  await until('it goes on ringing', async () => (await page.locator('#seen').isVisible()));
  await page.waitForTimeout(2600); // a second round
  assert.ok(await page.locator('#order-screen').isVisible());
  await crew.touch('#seen');
  await until('it is silent, and still asks', async () =>
    !(await page.locator('#seen').isVisible()) && (await page.locator('#accept').isVisible()));
  // The phone has said by itself that it has the order.
  const received = await until('the receipt', async () => {
    const [job] = (await sigap.incident(incidentId)).assignments;
    return job.receipt?.receivedAtMs && job.state === 'ORDERED' && job;
  });
  assert.equal(received.receipt.heardSeq, received.receipt.toldSeq);
  await crew.accept();
  await crew.allSent();
  await until('the engine knows that it was accepted', async () =>
    (await sigap.unit(unitCode)).status === 'UNIT_EN_ROUTE' || (await sigap.unit(unitCode)).status === 'UNIT_ORDERED');
  await crew.step('Berangkat');

  // The way: directions in Indonesian, nearer with every position.
  await until('there are directions', async () => (await page.locator('#steps li').count()) > 1);
  const way = await driveOf(base, station, scene);
  const [first, rest] = halves(way);
  await crew.drive(first);
  await until('the arrival is told', async () => /\d/.test(await page.locator('#arrival').innerText()));
  await picture(crew, '3-driving');

  // Two minutes in a valley: what is said and driven is kept.
  await crew.offline();
  await page.locator('.connection.waiting, .connection.connecting').waitFor({ timeout: 120_000 });
  await crew.drive(rest);
  await until('the scene is offered', async () => (await page.locator('#offer').isVisible()));
  assert.equal((await sigap.unit(unitCode)).status, 'UNIT_EN_ROUTE', 'nothing is taken silently');
  await crew.step('Tiba di lokasi');
  await page.locator('#state', { hasText: 'Di lokasi' }).waitFor();
  await until('what waits is shown', async () => /belum terkirim/.test(await page.locator('#waiting').innerText()));
  await picture(crew, '4-offline');
  await page.reload(); // the service worker has the page, the shelf has what was said
  await page.locator('#waiting', { hasText: 'belum terkirim' }).waitFor();
  await page.locator('#state', { hasText: 'Di lokasi' }).waitFor();
  await crew.online();
  await crew.connected();
  await crew.allSent();
  await until('the engine has the way that was driven offline', async () => {
    const { position } = await sigap.unit(unitCode);
    const end = rest[rest.length - 1];
    return Math.hypot(position.lon - end.lon, position.lat - end.lat) * 111_195 < 150;
  });
  await until('the engine heard the arrival', async () => (await sigap.unit(unitCode)).status === 'UNIT_ON_SCENE');

  // The patient, and where to.
  await crew.touch('#tab-patient');
  await crew.touch('[data-colour=red]');
  await crew.allSent();
  await page.fill('#card-pulse', '96');
  await page.fill('#card-temperatureTenths', '36,8');
  await page.fill('#card-findings', 'nyeri dada, diberi oksigen');
  await crew.touch('#send-card');
  await crew.allSent();
  await picture(crew, '5-patient');
  await crew.touch('#tab-hospital');
  await page.locator('#hospital-choices button').first().waitFor();
  await picture(crew, '6-hospital');
  const chosen = page.locator('#hospital-choices button').nth(0);
  const code = await chosen.getAttribute('data-hospital');
  await chosen.click();
  await crew.step('Berangkat ke RS');
  await crew.touch('#tab-road');
  await until('the way to the hospital', async () => (await page.locator('#steps li').count()) > 1);
  const hospital = (await sigap.hospitals()).find((one) => one.code === code);
  assert.ok(hospital, `hospital ${code} is known`);
  await crew.drive(await driveOf(base, scene, hospital.point));
  await until('the hospital is offered', async () => (await page.locator('#offer').isVisible()));
  await crew.step('Tiba di RS');
  await crew.step('Pasien diserahkan');
  await crew.step('Selesai, siap lagi');
  await crew.allSent();
  await until('the unit is free', async () => (await sigap.unit(unitCode)).status === 'UNIT_AVAILABLE');

  // Every state once, in order.
  const detail = await sigap.incident(incidentId);
  const stamps = detail.assignments[0].stamps.map((stamp) => stamp.state);
  assert.deepEqual(stamps, [...new Set(stamps)], 'no state twice');
  for (const state of ['ACCEPTED', 'EN_ROUTE', 'ON_SCENE', 'TRANSPORTING', 'AT_HOSPITAL', 'HANDED_OVER', 'CLOSED'])
    assert.ok(stamps.includes(state), `${state} was told`);

  const assignmentId = detail.assignments[0].id;
  const { cards } = (await sigap.ask({ askPatientCards: { assignmentId } })).patientCards;
  assert.equal(cards.length, 1);
  assert.deepEqual([cards[0].card.pulse, cards[0].card.temperatureTenths, cards[0].card.findings],
    [96, 368, 'nyeri dada, diberi oksigen']);
  assert.equal(detail.assignments[0].colour, 'COLOUR_RED');

  // The arrival was told with the device's time, and counts from then.
  const arrival = detail.assignments[0].stamps.find((stamp) => stamp.state === 'ON_SCENE');
  assert.ok(Number(arrival.arrivedAtMs) - Number(arrival.atMs) > 500, 'it was said before it was heard');

  // A second order is declined in one tap; a post is taken.
  const second = await sigap.call(scene, 'fever');
  await sigap.order(second.incidentId, unitCode);
  await crew.orderScreen();
  await crew.touch('[data-reason=reasonVehicle]');
  await page.locator('#order-screen').waitFor({ state: 'detached' });
  await until('the engine heard why', async () => (await sigap.incident(second.incidentId)).assignments
    .some((one) => one.state === 'DECLINED' && one.reason === 'Kendaraan rusak'));
  await sigap.ask({ closeIncident: { incidentId: second.incidentId, outcome: 'CANCELLED' } });
  await sigap.ask({ orderMoveUp: { unitCode, station: 'Simpang', point: { lon: scene.lon, lat: scene.lat - 0.02 } } });
  await page.locator('#move-up-screen').waitFor({ timeout: 120_000 });
  await picture(crew, '8-move-up');
  await crew.touch('#move-up-go');
  await until('the post is accepted', async () => (await sigap.unit(unitCode)).post?.state === 'POST_ACCEPTED');

  // Everything to touch is large enough for a thumb, and has a name.
  for (const tab of ['road', 'patient', 'hospital', 'notes', 'more']) {
    await crew.touch(`#tab-${tab}`);
    const small = await page.evaluate(() => [...document.querySelectorAll('button, input, textarea, summary')]
      .filter((one) => one.checkVisibility())
      .filter((one) => one.getBoundingClientRect().height < 43.5 || one.getBoundingClientRect().width < 43.5
        || !(one.innerText || one.getAttribute('aria-label') || one.labels?.length))
      .map((one) => one.outerHTML.slice(0, 80)));
    assert.deepEqual(small, [], `tab ${tab}`);
  }
  await crew.touch('#tab-road');

  // Danger: held, not tapped.
  await crew.touch('#distress');
  await page.waitForTimeout(300);
  assert.ok(!(await sigap.unit(unitCode)).distressAtMs, 'a tap is not enough');
  await page.locator('#distress').focus();
  await page.keyboard.down('Space');
  await until('the distress is raised', async () => Number((await sigap.unit(unitCode)).distressAtMs ?? 0) > 0);
  await page.keyboard.up('Space');
  await page.locator('#distress-state', { hasText: 'BAHAYA TERKIRIM' }).waitFor();
  await picture(crew, '9-distress');

  // What others say of the unit, its crew sees.
  await sigap.ask({ clearDistress: { unitCode, reason: 'sudah aman' } });
  await until('the distress is over on the phone, too', () => page.locator('#distress-state').isHidden());
  await sigap.ask({ setDuty: { unitCode, onDuty: false } });
  await page.locator('#state', { hasText: 'Tidak bertugas' }).waitFor();

  // Logged out: nothing is kept, and no order is heard any more.
  await crew.touch('#log-out');
  await page.locator('form #token').waitFor();
  assert.equal(await page.evaluate(() => localStorage.getItem('sigap.crew.token')), null);
  assert.deepEqual(crew.troubles, []);
  await crew.close();

  // By a login code, once; the phone then has a token of its own until it logs out.
  const loginCode = (await sigap.ask({ askLoginCode: { unitCode } })).loginCode.code;
  const night = await CrewPage.open(browser, base, loginCode, station, { colorScheme: 'dark' });
  await picture(night, 'a-night');
  await night.touch('#tab-more');
  await picture(night, 'b-night-more');
  const own = await night.page.evaluate(() => localStorage.getItem('sigap.crew.token'));
  assert.ok(own && own.length > 20 && own !== loginCode);
  await night.page.reload();
  await night.connected();
  await night.touch('#log-out');
  await night.page.locator('form #token').waitFor();
  for (const void_ of [loginCode, own]) {
    await night.page.fill('#token', void_);
    await night.page.keyboard.press('Enter');
    await night.page.locator('.trouble', { hasText: 'ditolak' }).waitFor();
  }
  await night.close();
  console.log('crew page: an order, a drive, an outage, a hand-over, a distress call');
} finally {
  await browser.close();
}

/** Over drives through the whole city: what is said turns to the side to which the road turns. */
async function checkDirections(desk, middle) {
  const words = { id: ['kiri', 'kanan'], en: ['left', 'right'] };
  let seed = 7;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const spot = () => ({ lon: middle.lon + (random() - 0.5) * 0.06, lat: middle.lat + (random() - 0.5) * 0.06 });
  let turns = 0;
  for (let i = 0; i < 12; i++) {
    const [from, to] = [spot(), spot()];
    const routes = await Promise.all(['id', 'en'].map(async (language) =>
      [language, (await desk.ask({ routeQuery: { from, to, language } })).route]));
    assert.deepEqual(...routes.map(([, route]) => route.steps.map((step) => [step.manoeuvre, step.modifier])));
    for (const [language, route] of routes)
      for (const step of route.steps) {
        const sides = words[language].filter((word) => new RegExp(`\\b${word}\\b`).test(step.instruction));
        assert.ok(step.instruction.length > 3 && sides.length <= 1, step.instruction);
        const turn = step.turnDegrees ?? 0;
        if (['depart', 'arrive', 'roundabout', 'exit roundabout'].includes(step.manoeuvre) || sides.length === 0
          || Math.abs(turn) > 165 || Math.abs(turn) < 15) continue;
        // A fork or a merge is told by where the others go; its own bend may be the other way, a little.
        if (['fork', 'merge', 'on ramp', 'off ramp'].includes(step.manoeuvre) && Math.abs(turn) < 45) continue;
        assert.equal(sides[0], words[language][turn > 0 ? 1 : 0], `${step.instruction}: ${turn} degrees`);
        turns++;
      }
  }
  assert.ok(turns > 50, `${turns} turns were looked at`);
  console.log(`directions: ${turns} turns to the side that was told`);
}
