// Drives the caller's page as a caller would.
import { hearTroubles, phone } from './browser.mjs';

export class CallerPage {
  /** Opens the link on a phone of its own. */
  static async open(browser, link, position, { viewport = phone, colorScheme = 'light', locale = 'id-ID' } = {}) {
    const context = await browser.newContext({
      viewport, colorScheme, locale, hasTouch: true, isMobile: true, deviceScaleFactor: 2,
      permissions: position ? ['geolocation'] : [],
      geolocation: position && { longitude: position.lon, latitude: position.lat, accuracy: 11 },
    });
    const page = await context.newPage();
    const caller = new CallerPage(context, page);
    caller.troubles = hearTroubles(page);
    await page.goto(link);
    await page.locator('#stage, #ended').first().waitFor();
    return caller;
  }

  constructor(context, page) {
    this.context = context;
    this.page = page;
  }

  /** Waits until the page says so: STAGE_COMING… */
  stage(name) {
    return this.page.locator(`#state[data-stage=${name}]`).waitFor({ timeout: 120_000 });
  }

  async write(text) {
    await this.page.locator('#write').fill(text);
    await this.page.locator('#send').click();
  }

  /** All words on the page, the oldest first; what waits says so. */
  async words() {
    return (await this.page.locator('#messages .word .text').allInnerTexts()).map((text) => text.trim());
  }

  ended() {
    return this.page.locator('#ended').waitFor({ timeout: 120_000 });
  }

  /** What the page has left on the phone. */
  kept() {
    return this.page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('sigap.caller')));
  }

  close() {
    return this.context.close();
  }
}
