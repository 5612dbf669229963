// Opens pages with forms in Chromium, uses the forms as people do, and prints the observations as JSON.
// Usage: browse-forms.mjs URL FOLDER PATH... The script stores the browser and the screenshots in the folder. The server at URL has
// /oauth/consent, /oauth/connections, and a page for each redirect of a client, as PagesServer in the end-to-end tests serves them.
import { join } from 'node:path';
import { findViolations, newPage, open, start } from './chromium.mjs';

const [url, folder, ...paths] = process.argv.slice(2);
const browser = await start(folder);
try {
  const seen = { pages: {} };
  for (const path of paths) {
    seen.pages[path] = await inspect(path);
  }
  seen.decisions = {};
  for (const decision of ['cancel', 'approve', 'switch']) {
    seen.decisions[decision] = await decide(decision);
  }
  seen.afterEnter = await pressEnter();
  seen.inWindow = await signInInWindow();
  seen.revokeAll = await revokeAll();
  seen.redirects = {};
  for (const kind of ['app', 'ipv6', 'other']) {
    seen.redirects[kind] = await redirect(kind);
  }
  console.log(JSON.stringify(seen));
} finally {
  await browser.close();
}

// The layout shift is the sum of all shifts since the page began to load.
async function inspect(path) {
  const seen = { accessibility: {}, sidewaysScroll: {} };
  const page = await open(browser, seen);
  await page.goto(new URL(path, url), { waitUntil: 'networkidle0' });
  for (const scheme of ['light', 'dark']) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    for (const width of [1280, 375, 320]) {
      await page.setViewport({ width, height: 800 });
      await page.screenshot({ path: join(folder, `${path.split('/').pop()}-${scheme}-${width}.png`), fullPage: true });
      seen.sidewaysScroll[width] = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    }
    seen.accessibility[scheme] = await findViolations(page);
  }
  await page.reload({ waitUntil: 'networkidle0' });
  seen.layoutShift = await page.evaluate(() => new Promise((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => { sum += entry.value; })).observe({ type: 'layout-shift', buffered: true });
    requestAnimationFrame(() => setTimeout(() => resolve(sum)));
  }));
  await page.close();
  return seen;
}

// Returns the URL at which the browser arrives.
async function decide(decision) {
  const page = await newPage(browser);
  await page.setJavaScriptEnabled(false);
  await page.goto(new URL('/oauth/consent', url));
  await Promise.all([page.waitForNavigation(), page.click(`button[value=${decision}]`)]);
  const address = page.url();
  await page.close();
  return address;
}

async function pressEnter() {
  const page = await newPage(browser);
  await page.goto(new URL('/oauth/consent', url));
  await page.keyboard.press('Enter');
  await page.waitForNetworkIdle();
  const { pathname } = new URL(page.url());
  await page.keyboard.press('Tab');
  const focused = await page.evaluate(() => document.activeElement.textContent);
  await page.close();
  return `${pathname} ${focused}`;
}

// Opens the sign-in as a web client does. The callback says in its title whether it can send a message to the page that opened the window.
async function signInInWindow() {
  const page = await newPage(browser);
  await page.goto(new URL('/client', url));
  const opened = new Promise((resolve) => page.once('popup', resolve));
  await page.click('button');
  const consent = await opened;
  await consent.waitForSelector('button[value=approve]');
  await Promise.all([consent.waitForNavigation(), consent.click('button[value=approve]')]);
  const title = await consent.title();
  await consent.close();
  await page.close();
  return title;
}

async function revokeAll() {
  const page = await newPage(browser);
  await page.setJavaScriptEnabled(false);
  await page.goto(new URL('/oauth/connections', url));
  const button = await page.$('button[value=revoke-all]');
  const visibleAtFirst = await button.evaluate((element) => element.checkVisibility());
  await page.focus('summary');
  await page.keyboard.press('Enter');
  await Promise.all([page.waitForNavigation(), button.click()]);
  const text = await page.$eval('body', (body) => body.textContent);
  await page.close();
  return { visibleAtFirst, text };
}

// The client does not exist, so a request fails. Returns its URL: the client's, or that of the form if the policy blocks the redirect.
async function redirect(kind) {
  const page = await newPage(browser);
  await page.goto(new URL(`/oauth/consent-${kind}`, url));
  const failed = new Promise((resolve) => page.on('requestfailed', resolve));
  await page.click('button[value=approve]');
  const address = (await failed).url();
  await page.close();
  return address;
}
