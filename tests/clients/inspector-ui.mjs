// Uses the Inspector's user interface in Chromium, as a developer does: connects to the server, approves the client on the consent page, and
// opens the list of tools. Usage: inspector-ui.mjs URL FOLDER. The URL is the one that the Inspector prints. The script stores the browser in
// the folder. Output: the observations as JSON.
import { open, start } from './chromium.mjs';

const [url, folder] = process.argv.slice(2);
// The certificate of the emulator is not in the browser's store.
const browser = await start(folder, { acceptInsecureCerts: true });
try {
  const page = await open(browser, {});
  await page.goto(url);
  await click(page, '[role=switch]');
  await page.waitForSelector('button[value=approve]');
  const consent = await text(page);
  await page.click('button[value=approve]');
  await page.waitForFunction(() => document.querySelector('[role=switch]')?.checked && document.body?.innerText.includes('Connected'));
  await click(page, 'input[type=radio][value=Tools]');
  await page.waitForFunction(() => document.body.innerText.includes('list_directory'));
  console.log(JSON.stringify({ consent, tools: await text(page) }));
} finally {
  await browser.close();
}

async function text(page) {
  return page.evaluate(() => document.body.innerText);
}

// The visible part of these controls is their label.
async function click(page, selector) {
  await page.waitForSelector(selector);
  await page.$eval(selector, (control) => control.click());
}
