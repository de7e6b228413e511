// Looks at and answers on the hospital's page.
import { hearTroubles } from './browser.mjs';

export class HospitalPage {
  static async open(browser, base, token, { viewport = { width: 1366, height: 900 }, colorScheme = 'light' } = {}) {
    const context = await browser.newContext({ viewport, colorScheme, locale: 'id-ID' });
    const page = await context.newPage();
    const hospital = new HospitalPage(context, page);
    hospital.troubles = hearTroubles(page);
    await page.goto(`${base}/hospital/#token=${token}`);
    await page.locator('.connection.open').waitFor({ timeout: 120_000 });
    await page.locator('#beds').waitFor();
    return hospital;
  }

  constructor(context, page) {
    this.context = context;
    this.page = page;
  }

  /** The card of a patient. */
  card(assignmentId) {
    return this.page.locator(`.inbound[data-assignment="${assignmentId}"]`);
  }

  async setBeds(n) {
    await this.page.locator('#beds').fill(String(n));
    await this.page.locator('#save').click();
  }

  close() {
    return this.context.close();
  }
}
