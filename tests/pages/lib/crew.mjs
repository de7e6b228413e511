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
    return this.page.locator('.connection.open').waitFor({ timeout: 60_000 });
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
    return this.page.locator('#order-screen').waitFor({ timeout: 60_000 });
  }

  async accept() {
    await this.orderScreen();
    await this.touch('#accept');
    await this.page.locator('#order-screen').waitFor({ state: 'detached' });
  }

  /** The one big button, which has to say `text`. */
  async step(text) {
    await this.page.locator('#next-step', { hasText: text }).waitFor({ timeout: 60_000 });
    await this.touch('#next-step');
  }

  /** Nothing waits on the device any more. */
  allSent() {
    return until('everything is sent', () => this.page.locator('#waiting').isHidden());
  }

  async at(position, speed) {
    await this.context.setGeolocation({ longitude: position.lon, latitude: position.lat, accuracy: 8 });
    void speed;
  }

  /** Through these points, as fast as the page keeps up; `share` of the whole way, from `from`. */
  async drive(points, { every = 1, pauseMs = 60 } = {}) {
    for (let i = 0; i < points.length; i += every) {
      await this.at(points[i]);
      await this.page.waitForTimeout(pauseMs);
    }
    await this.at(points[points.length - 1]);
    await this.page.waitForTimeout(150);
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
