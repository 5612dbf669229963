// A scripted browser for one sign-in. It follows redirects, keeps the cookies of each origin, and presses a button on each page with a
// form: the button whose value is $BROWSER_BUTTON, or the first one. As the program in $BROWSER, it runs as: node browser.mjs URL. It
// then writes the text of the last page to the file $BROWSER_PAGE.
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const maxSteps = 10;
const limit = 180_000;

/**
 * @param url the first URL
 * @param stopsAt { origin, pathname } of the client's callback; the browser does not follow a redirect to it
 * @returns { callback } the URL of that redirect, or { text } of the last page
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
    } else if (page.includes('<form method="post"')) {
      request = submit(page, request.url);
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

// Includes the hidden fields of the form.
function submit(page, url) {
  const [, action = ''] = page.match(/<form method="post"(?: action="([^"]*)")?/);
  const fields = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  const buttons = [...page.matchAll(/<button name="([^"]+)" value="([^"]*)"/g)];
  const pressed = buttons.find(([, , value]) => value === process.env.BROWSER_BUTTON) ?? buttons[0];
  const body = new URLSearchParams([...fields, ...(pressed ? [pressed] : [])].map(([, name, value]) => [decode(name), decode(value)]));
  return { url: new URL(decode(action), url), method: 'POST', body };
}

function decode(text) {
  return text.replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(parseInt(code, 16))).replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

function toText(page) {
  return decode(page.replace(/<(script|style|title)[^>]*>.*?<\/\1>/gs, ' ').replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ').trim());
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { text } = await browse(process.argv[2]);
  writeFileSync(process.env.BROWSER_PAGE, text);
}
