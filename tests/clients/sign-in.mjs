// A host's side of signing in, for both generations of the TypeScript SDK: a client id from a pre-registration, everything else from the URL.
import { browse } from './browser.mjs';

export class SignIn {
  redirectUrl = 'http://localhost:33418/callback';
  clientMetadata = { client_name: 'a host', redirect_uris: [this.redirectUrl], grant_types: ['authorization_code', 'refresh_token'] };

  /** What the token endpoint gave, the newest last. */
  received = [];

  /** How often somebody had to look at a page. */
  pages = 0;

  #clientId;
  #verifier;
  #discovered;
  #callback;

  /** @param resource false: the parameter of RFC 8707 is not sent */
  constructor({ clientId, resource }) {
    this.#clientId = clientId;
    if (!resource) {
      this.validateResourceURL = async () => undefined;
    }
  }

  /**
   * Connects, and signs in where the server asks for it.
   * @param newTransport makes a transport with this provider
   * @param UnauthorizedError of the SDK in use
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

  /** Calls a tool, and once more where somebody had to sign in for it. */
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

  /** Redeems the code that the last look at a page gave. */
  finish(transport) {
    return transport.finishAuth(this.#callback.searchParams.get('code'));
  }

  clientInformation() {
    return { client_id: this.#clientId };
  }

  tokens() {
    return this.received.at(-1);
  }

  saveTokens(tokens) {
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

  async redirectToAuthorization(url) {
    this.pages++;
    const { callback, text } = await browse(url, new URL(this.redirectUrl));
    if (!callback?.searchParams.has('code')) {
      throw new Error(`Nobody signed in: ${callback ?? text}`);
    }
    this.#callback = callback;
  }
}
