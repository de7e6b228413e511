// Drives the crew's page as a crew would: by what is on the screen.
import { hearTroubles, phone, until } from './browser.mjs';

export class CrewPage {
  /** Opens /crew/ with a token in a browser of its own (storage, position, line). */
  static async open(browser, base, token, position, { colorScheme = 'light', viewport = phone } = {}) {
    const context = await browser.newContext({
      viewport, colorScheme, locale: 'id-ID', permissions: ['geolocation'], hasTouch: true, isMobile: true,
      deviceScaleFactor: 2, geolocation: { longitude: position.lon, latitude: position.lat, accuracy: 8 },
    });
    const page = await context.newPage();
    const crew = new CrewPage(context, page);
    crew.troubles = hearTroubles(page);
    await page.goto(`${base}/crew/#token=${token}`);
    await page.locator('#next-step, #state').first().waitFor();
    await crew.connected();
    return crew;
  }

  constructor(context, page) {
    this.context = context;
    this.page = page;
  }

  connected() {
    return this.page.locator('.connection.open').waitFor({ timeout: 120_000 });
  }

  async touch(selector) {
    await this.page.locator(selector).click();
  }

  async goOnDuty() {
    await this.touch('#tab-more');
    if ((await this.page.locator('#duty').innerText()).match(/Mulai|Go on/)) await this.touch('#duty');
    await this.allSent();
    await this.touch('#tab-road');
  }

  /** The order screen; it sounds until somebody touches it. */
  orderScreen() {
    return this.page.locator('#order-screen').waitFor({ timeout: 120_000 });
  }

  async accept() {
    await this.orderScreen();
    await this.touch('#accept');
    await this.page.locator('#order-screen').waitFor({ state: 'detached' });
  }

  /** The one big button, which has to say `text`. */
  async step(text) {
    await this.page.locator('#next-step', { hasText: text }).waitFor({ timeout: 120_000 });
    await this.touch('#next-step');
  }

  /** Nothing waits on the device any more. */
  allSent() {
    return until('everything is sent', () => this.page.locator('#waiting').isHidden());
  }

  at(position) {
    return this.context.setGeolocation({ longitude: position.lon, latitude: position.lat, accuracy: 8 });
  }

  /** Along these points. Faster than any ambulance, and not so fast that the engine takes it for a
   * jump (70 m/s): its positions are judged like those of a real one. */
  async drive(points, { speedMps = 55, everyMs = 200 } = {}) {
    const begin = Date.now();
    for (;;) {
      const { at, end } = along(points, ((Date.now() - begin) / 1000) * speedMps);
      await this.at(at);
      await this.page.waitForTimeout(everyMs);
      if (end) return;
    }
  }

  offline() {
    return this.context.setOffline(true);
  }
  async online() {
    await this.context.setOffline(false);
  }

  close() {
    return this.context.close();
  }
}

const METRES_A_DEGREE = 111_195;

/** The point so many metres along a line, and whether that is its end. */
export function along(points, metres) {
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    const shrink = Math.cos((a.lat * Math.PI) / 180);
    const length = Math.hypot((b.lon - a.lon) * shrink, b.lat - a.lat) * METRES_A_DEGREE;
    if (metres < length) {
      const share = metres / length;
      return { at: { lon: a.lon + share * (b.lon - a.lon), lat: a.lat + share * (b.lat - a.lat) }, end: false };
    }
    metres -= length;
  }
  return { at: points[points.length - 1], end: true };
}

/** The nearer half of a way by metres, and the rest. */
export function halves(points) {
  const middle = Math.floor(points.length / 2);
  return [points.slice(0, middle + 1), points.slice(middle)];
}
