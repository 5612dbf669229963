// The sign-in of a host application, for both generations of the TypeScript SDK. Everything comes from the URL. The client registers
// itself, unless the test gives it the client id of an app registration.
import { randomUUID } from 'node:crypto';
import { browse } from './browser.mjs';

export class SignIn {
  redirectUrl = 'http://localhost:33418/callback';
  clientMetadata = {
    client_name: 'a host',
    redirect_uris: [this.redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
  };

  /** The responses of the token endpoint. The newest is the last. */
  received = [];

  /** The number of times that the user had to open a page. */
  pages = 0;

  /** The number of times that the client registered itself. */
  registrations = 0;

  #client;
  #tokens;
  #state;
  #verifier;
  #discovered;
  #callback;

  /**
   * @param clientId the client id of an app registration; without it, the client registers itself (RFC 7591)
   * @param resource whether to send the parameter of RFC 8707
   */
  constructor({ clientId, resource = true }) {
    this.#client = clientId && { client_id: clientId };
    if (!resource) {
      this.validateResourceURL = async () => undefined;
    }
  }

  /**
   * Connects, and signs in if the server requires it.
   * @param newTransport creates a transport with this provider
   * @param UnauthorizedError the error class of the SDK
   */
  async connect(client, newTransport, UnauthorizedError) {
    const transport = newTransport();
    try {
      return await client.connect(transport);
    } catch (error) {
      if (!(error instanceof UnauthorizedError)) {
        throw error;
      }
    }
    await this.finish(transport);
    await client.close();
    return client.connect(newTransport());
  }

  /** Calls a tool. Calls it again if the user had to sign in for it. */
  async call(client, params, UnauthorizedError) {
    try {
      return await client.callTool(params);
    } catch (error) {
      if (!(error instanceof UnauthorizedError)) {
        throw error;
      }
    }
    await this.finish(client.transport);
    return client.callTool(params);
  }

  /** Redeems the code from the last page. SDK 2.x also checks the issuer (RFC 9207). */
  finish(transport) {
    const answer = this.#callback.searchParams;
    return transport.finishAuth(answer.get('code'), answer.get('iss') ?? undefined);
  }

  clientInformation() {
    return this.#client;
  }

  saveClientInformation(client) {
    this.registrations += this.#client ? 0 : 1;
    this.#client = client;
  }

  state() {
    return (this.#state = randomUUID());
  }

  tokens() {
    return this.#tokens;
  }

  saveTokens(tokens) {
    this.#tokens = tokens;
    this.received.push(tokens);
  }

  saveCodeVerifier(verifier) {
    this.#verifier = verifier;
  }

  codeVerifier() {
    return this.#verifier;
  }

  saveDiscoveryState(state) {
    this.#discovered = state;
  }

  discoveryState() {
    return this.#discovered;
  }

  /** Forgets what the server no longer accepts. */
  invalidateCredentials(scope) {
    if (scope === 'all' || scope === 'client') {
      this.#client = undefined;
    }
    if (scope === 'all' || scope === 'tokens') {
      this.#tokens = undefined;
    }
    if (scope === 'all' || scope === 'discovery') {
      this.#discovered = undefined;
    }
  }

  async redirectToAuthorization(url) {
    this.pages++;
    const { callback, text } = await browse(url, new URL(this.redirectUrl));
    if (!callback?.searchParams.has('code')) {
      throw new Error(`The sign-in returned no code: ${callback ?? text}`);
    }
    if (callback.searchParams.get('state') !== this.#state) {
      throw new Error(`The sign-in returned another state: ${callback}`);
    }
    this.#callback = callback;
  }
}
