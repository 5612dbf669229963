// The cookies of a scripted browser, with the rules on which the security of a sign-in depends: https-only and __Host- cookies, paths,
// expiry, and SameSite. As in browsers, the port of a host makes no difference, and loopback counts as secure.

export class CookieJar {
  #cookies = [];

  /** Stores the cookies of a response from this URL. */
  store(url, lines) {
    for (const line of lines) {
      const cookie = parse(url, line);
      if (isAllowed(url, cookie)) {
        this.#cookies = this.#cookies.filter((other) => !isSame(cookie, other));
        this.#cookies.push(cookie);
      }
    }
  }

  /**
   * @param crossSite whether another site started this navigation
   * @returns the value of the header, or undefined
   */
  header({ url, method }, crossSite) {
    const sent = this.#cookies.filter((cookie) =>
      cookie.host === url.hostname && isBelow(url.pathname, cookie.path) && cookie.expires > Date.now() && (!cookie.secure || isSecure(url))
        && (!crossSite || cookie.sameSite === 'none' || (cookie.sameSite === 'lax' && method === 'GET')));
    return sent.length === 0 ? undefined : sent.map(({ name, value }) => `${name}=${value}`).join('; ');
  }
}

/** Whether two URLs belong to different sites. */
export function isCrossSite(first, second) {
  return first.protocol !== second.protocol || first.hostname !== second.hostname;
}

function parse(url, line) {
  const [pair, ...attributes] = line.split(';').map((part) => part.trim());
  const [name, value] = split(pair);
  const given = new Map(attributes.map(split).map(([key, text]) => [key.toLowerCase(), text]));
  const maxAge = given.get('max-age');
  return {
    name,
    value,
    host: url.hostname,
    domain: given.get('domain'),
    path: given.get('path') || '/',
    secure: given.has('secure'),
    sameSite: (given.get('samesite') ?? 'lax').toLowerCase(),
    expires: maxAge !== undefined ? Date.now() + Number(maxAge) * 1000 : given.has('expires') ? Date.parse(given.get('expires')) : Infinity,
  };
}

function isAllowed(url, { name, domain, path, secure, sameSite }) {
  const host = !name.startsWith('__Host-') || (secure && path === '/' && domain === undefined);
  return host && (!secure || isSecure(url)) && (sameSite !== 'none' || secure) && (domain === undefined || domain === url.hostname);
}

function isSame(first, second) {
  return first.name === second.name && first.host === second.host && first.path === second.path;
}

function isBelow(pathname, path) {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}

function isSecure({ protocol, hostname }) {
  return protocol === 'https:' || hostname === 'localhost' || hostname === '127.0.0.1';
}

function split(text) {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
