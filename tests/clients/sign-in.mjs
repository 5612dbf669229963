// The sign-in of a host application, for both generations of the TypeScript SDK. The client id comes from a registration, and everything
// else comes from the URL.
import { browse } from './browser.mjs';

export class SignIn {
  redirectUrl = 'http://localhost:33418/callback';
  clientMetadata = { client_name: 'a host', redirect_uris: [this.redirectUrl], grant_types: ['authorization_code', 'refresh_token'] };

  /** The responses of the token endpoint. The newest is the last. */
  received = [];

  /** The number of times that the user had to open a page. */
  pages = 0;

  #clientId;
  #verifier;
  #discovered;
  #callback;

  /** @param resource whether to send the parameter of RFC 8707 */
  constructor({ clientId, resource }) {
    this.#clientId = clientId;
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

  /** Redeems the code from the last page. */
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
      throw new Error(`The sign-in returned no code: ${callback ?? text}`);
    }
    this.#callback = callback;
  }
}
