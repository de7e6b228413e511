// A headless Chromium for the tests of the pages.
import { chromium } from 'playwright-core';

/** With WebGL in software, so that maps draw without a graphics card; and patient, since the engine
 * may run under a sanitizer on a busy machine. */
export async function openBrowser(executablePath) {
  const browser = await chromium.launch({ executablePath, timeout: 120_000, args: ['--no-sandbox',
    '--enable-unsafe-swiftshader', '--autoplay-policy=no-user-gesture-required'] });
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    context.setDefaultTimeout(120_000);
    return context;
  };
  return browser;
}

export const phone = { width: 360, height: 740 };

/** What a page said on its console as an error, and what it threw: tests want none. */
export function hearTroubles(page) {
  const troubles = [];
  page.on('pageerror', (error) => troubles.push(`threw: ${error.message}`));
  page.on('console', (message) => {
    // A line that is taken away on purpose is said by the browser itself.
    if (/favicon\.ico$/.test(message.location().url)) return; // a page without a picture of its own
    if (message.type() === 'error' && !/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|WebSocket connection/.test(message.text()))
      troubles.push(`${message.text()} (${message.location().url})`);
  });
  return troubles;
}

/** Waits for a condition, asking 10 times a second; names it when it never comes true. */
export async function until(what, condition, seconds = 120) {
  for (let i = 0; i < seconds * 10; i++) {
    const value = await condition();
    if (value) return value;
    await new Promise((go) => setTimeout(go, 100));
  }
  throw new Error(`never came true: ${what}`);
}
