// A person's browser, for one sign-in: it follows redirects, keeps each origin's cookies, and presses the first button of a page that asks.
// As a program (what $BROWSER names): node browser.mjs URL; the text of the page where it ended goes to the file $BROWSER_PAGE.
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const maxSteps = 10;
const limit = 20_000;

/**
 * @param url where it starts
 * @param stopsAt a redirect to there is not followed: { origin, pathname } of the client's own callback
 * @returns { callback } the URL of that redirect, or { text } of the page where it ended
 */
export async function browse(url, stopsAt) {
  const cookies = new Map();
  let request = { url: new URL(url), method: 'GET' };
  for (let step = 0; step < maxSteps; step++) {
    const response = await send(request, cookies);
    const location = response.headers.get('location');
    const next = location && new URL(location, request.url);
    if (next && stopsAt && next.origin === stopsAt.origin && next.pathname === stopsAt.pathname) {
      return { callback: next };
    }
    const page = next ? '' : await response.text();
    if (next) {
      request = { url: next, method: 'GET' };
    } else if (page.includes('<form method="post">')) {
      const [, name, value] = page.match(/<button name="(\w+)" value="([^"]+)"/);
      request = { url: request.url, method: 'POST', body: new URLSearchParams({ [name]: value }) };
    } else {
      return { text: toText(page) };
    }
  }
  throw new Error(`The sign-in took more than ${maxSteps} steps; the last one was ${request.url}`);
}

async function send({ url, method, body }, cookies) {
  const ours = cookies.get(url.origin) ?? new Map();
  const cookie = [...ours].map(([name, value]) => `${name}=${value}`).join('; ');
  const response = await fetch(url, { method, body, redirect: 'manual', headers: cookie ? { cookie } : {}, signal: AbortSignal.timeout(limit) });
  for (const line of response.headers.getSetCookie()) {
    const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
    ours.set(name, value);
  }
  cookies.set(url.origin, ours);
  return response;
}

function toText(page) {
  return page.replace(/<(script|style|title)[^>]*>.*?<\/\1>/gs, ' ').replace(/<[^>]+>/g, ' ').replaceAll('&#x27;', "'").replace(/\s+/g, ' ').trim();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { text } = await browse(process.argv[2]);
  writeFileSync(process.env.BROWSER_PAGE, text);
}
