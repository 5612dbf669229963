using RemoteMcp.AuthorizationServer.Grants;

namespace RemoteMcp.AuthorizationServer.Upstream;

/// <summary>The result of a sign-in or refresh at Entra ID.</summary>
/// <param name="Person">The person.</param>
/// <param name="Cache">The token cache of MSAL, which contains the refresh token. It never leaves the server unsealed.</param>
internal sealed record UpstreamSignIn(SignedInPerson Person, UpstreamCache Cache);

/// <summary>The token cache of MSAL for one grant.</summary>
/// <param name="Account">The home account id of MSAL.</param>
/// <param name="Content">The serialized cache.</param>
internal sealed record UpstreamCache(string Account, byte[] Content);

/// <summary>The request that the browser takes to Entra ID.</summary>
/// <param name="Url">The URL of the request.</param>
/// <param name="Verifier">The PKCE verifier, which redeems the code.</param>
internal sealed record UpstreamRequest(Uri Url, string Verifier);
