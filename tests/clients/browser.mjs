// A scripted browser for one sign-in. It follows redirects, keeps cookies, and presses a button on each page with a form: the button whose
// value is $BROWSER_BUTTON, by default "approve", or the first one. As the program in $BROWSER, it runs as: node browser.mjs URL. It then
// writes the text of the last page to the file $BROWSER_PAGE. With a second argument, the callback of the client, it prints the URL of the
// redirect to the callback instead.
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { CookieJar, isCrossSite } from './cookies.mjs';
import { pressButton, textOf } from './forms.mjs';

const maxSteps = 15;
const limit = 180_000;

/**
 * @param url the first URL
 * @param stopsAt { origin, pathname } of the client's callback; the browser does not follow a redirect to it
 * @returns { callback } the URL of that redirect, or { text } of the last page
 */
export async function browse(url, stopsAt) {
  const cookies = new CookieJar();
  // A navigation: its request, the URLs of its earlier redirects and of the page that started it, and the policy of that page.
  let request = { url: new URL(url), method: 'GET', from: [], policy: null };
  for (let step = 0; step < maxSteps; step++) {
    const response = await send(request, cookies);
    const location = response.headers.get('location');
    const next = location && new URL(location, request.url);
    if (next) {
      checkPolicy(request, next);
    }
    if (next && stopsAt && next.origin === stopsAt.origin && next.pathname === stopsAt.pathname) {
      return { callback: next };
    }
    const page = next ? '' : await response.text();
    const form = pressButton(page, process.env.BROWSER_BUTTON || 'approve');
    if (next) {
      // 307 and 308 repeat the request.
      const again = response.status < 307 ? { method: 'GET', body: undefined } : {};
      request = { ...request, ...again, url: next, from: [...request.from, request.url] };
    } else if (form) {
      request = submit(form, request.url, response.headers);
    } else {
      return { text: textOf(page) };
    }
  }
  throw new Error(`The sign-in took more than ${maxSteps} steps; the last one was ${request.url}`);
}

async function send(request, cookies) {
  const { url, method, body, origin, from } = request;
  const cookie = cookies.header(request, from.some((earlier) => isCrossSite(earlier, url)));
  const headers = { accept: 'text/html', ...(cookie && { cookie }), ...(body && { origin }) };
  const response = await fetch(url, { method, body, redirect: 'manual', headers, signal: AbortSignal.timeout(limit) });
  cookies.store(url, response.headers.getSetCookie());
  return response;
}

function submit({ action, fields }, page, headers) {
  const request = {
    url: new URL(action, page),
    method: 'POST',
    body: new URLSearchParams(fields),
    origin: headers.get('referrer-policy') === 'no-referrer' ? 'null' : page.origin,
    from: [page],
    policy: { sources: formAction(headers), page },
  };
  checkPolicy(request, request.url);
  return request;
}

// The sources of form-action in the Content-Security-Policy, or null if the page allows every target.
function formAction(headers) {
  const directive = (headers.get('content-security-policy') ?? '').split(/[;,]/).map((text) => text.trim().split(/\s+/));
  return directive.find(([name]) => name === 'form-action')?.slice(1) ?? null;
}

// As Chromium does, applies form-action to every redirect after the form.
function checkPolicy({ policy }, target) {
  if (policy?.sources && !policy.sources.some((source) => allows(source, policy.page, target))) {
    throw new Error(`form-action ${policy.sources.join(' ')} does not allow ${target}`);
  }
}

function allows(source, page, target) {
  return source === "'self'" ? target.origin === page.origin : source === target.protocol || source === target.origin;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [url, stopsAt] = process.argv.slice(2);
  const { callback, text } = await browse(url, stopsAt && new URL(stopsAt));
  if (stopsAt) {
    console.log(callback?.href ?? text);
  } else {
    writeFileSync(process.env.BROWSER_PAGE, text);
  }
}
