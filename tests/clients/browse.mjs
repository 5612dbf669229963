// Opens the home page of a server in Chromium, uses it as people do, and prints the observations as JSON.
// Usage: browse.mjs URL FOLDER. The script stores the browser and the screenshots in the folder.
import { join } from 'node:path';
import { findViolations, newPage, open, start } from './chromium.mjs';

const [url, folder] = process.argv.slice(2);
const browser = await start(folder);
try {
  const seen = {};
  const page = await open(browser, seen);
  await page.goto(url, { waitUntil: 'networkidle0' });
  seen.accessibility = { light: await judge(page, 'light'), dark: await judge(page, 'dark') };
  seen.sidewaysScroll = await measure(page);
  seen.keys = await press(page, ['ArrowRight', 'ArrowRight', 'End', 'ArrowRight', 'ArrowLeft', 'Home']);
  seen.copies = await copy(page);
  seen.fromHash = await selected(await (await visit(`${url}#cursor`, seen)));
  seen.withoutScript = await browseWithoutScript();
  console.log(JSON.stringify(seen));
} finally {
  await browser.close();
}

async function visit(address, seen) {
  const page = await open(browser, seen);
  await page.goto(address, { waitUntil: 'networkidle0' });
  return page;
}

async function judge(page, scheme) {
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  for (const width of [1280, 375]) {
    await page.setViewport({ width, height: 900 });
    await page.screenshot({ path: join(folder, `${scheme}-${width}.png`), fullPage: true });
  }
  const found = [];
  const tabs = await page.$$('[role=tab]');
  for (let tab = 0; tab < Math.max(1, tabs.length); tab++) {
    await tabs[tab]?.click();
    found.push(...await findViolations(page));
  }
  await tabs[0]?.click();
  return found;
}

async function measure(page) {
  const sideways = {};
  for (const width of [1280, 375, 320]) {
    await page.setViewport({ width, height: 900 });
    sideways[width] = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  }
  return sideways;
}

async function press(page, keys) {
  await page.focus('[role=tab][aria-selected=true]');
  const steps = [];
  for (const key of keys) {
    await page.keyboard.press(key);
    steps.push({ key, ...await selected(page), focused: await page.evaluate(() => document.activeElement.textContent) });
  }
  return steps;
}

async function selected(page) {
  return page.evaluate(() => ({
    tabs: [...document.querySelectorAll('[role=tab][aria-selected=true]')].map((tab) => tab.textContent),
    panels: [...document.querySelectorAll('[role=tabpanel]')].filter((panel) => panel.checkVisibility()).map((panel) => panel.id),
    inTabOrder: [...document.querySelectorAll('[role=tab]')].filter((tab) => tab.tabIndex === 0).map((tab) => tab.textContent),
  }));
}

// The page may write to the clipboard, but not read it. Another page of the server reads it.
async function copy(page) {
  await browser.defaultBrowserContext().overridePermissions(new URL(url).origin, ['clipboard-read', 'clipboard-sanitized-write']);
  const reader = await visit(new URL('/healthz', url).href, {});
  const copies = {};
  // Record each announcement when it appears, as a screen reader does, because it disappears again.
  await page.evaluate(() => {
    const status = document.getElementById('copy-status');
    window.heard = [];
    new MutationObserver(() => status.textContent && window.heard.push(status.textContent)).observe(status, { childList: true, characterData: true, subtree: true });
  });
  const tabs = await page.$$('[role=tab]');
  for (let tab = 0; tab < tabs.length; tab++) {
    await page.bringToFront();
    await tabs[tab].click();
    for (const button of await page.$$('[data-copies]')) {
      if (await button.isVisible()) {
        await page.bringToFront();
        await button.focus();
        await page.keyboard.press('Enter');
        const said = await (await page.waitForFunction(() => window.heard.shift(), { polling: 100 })).jsonValue();
        const id = await button.evaluate((element) => element.dataset.copies);
        await reader.bringToFront();
        copies[id] = { said, text: await reader.evaluate(() => navigator.clipboard.readText()) };
      }
    }
  }
  return copies;
}

async function browseWithoutScript() {
  const page = await newPage(browser);
  await page.setJavaScriptEnabled(false);
  await page.goto(url, { waitUntil: 'networkidle0' });
  await page.setViewport({ width: 1280, height: 900 });
  await page.screenshot({ path: join(folder, 'no-script.png'), fullPage: true });
  return {
    sections: await page.$$eval('.clients > section', (sections) => sections.filter((section) => section.checkVisibility()).map((section) => section.id)),
    controls: await page.$$eval('button, [role=tab]', (controls) => controls.filter((control) => control.checkVisibility()).length),
  };
}
