// Looks at the command center's wall.
import { hearTroubles } from './browser.mjs';

export class WallPage {
  static async open(browser, base, token, { viewport = { width: 1920, height: 1080 }, colorScheme = 'dark' } = {}) {
    const context = await browser.newContext({ viewport, colorScheme, locale: 'id-ID' });
    const page = await context.newPage();
    const wall = new WallPage(context, page);
    wall.troubles = hearTroubles(page);
    await page.goto(`${base}/wall/#token=${token}`);
    await page.locator('.connection.open').waitFor({ timeout: 120_000 });
    return wall;
  }

  constructor(context, page) {
    this.context = context;
    this.page = page;
  }

  row(incidentId) {
    return this.page.locator(`#incidents [data-incident="${incidentId}"]`);
  }

  /** It stands in the queue. */
  incident(incidentId) {
    return this.row(incidentId).waitFor({ timeout: 120_000 });
  }

  /** That unit is on it. */
  unit(incidentId, unitCode) {
    return this.row(incidentId).locator('.who', { hasText: unitCode }).waitFor({ timeout: 120_000 });
  }

  incidentGone(incidentId) {
    return this.row(incidentId).waitFor({ state: 'detached', timeout: 120_000 });
  }

  close() {
    return this.context.close();
  }
}
