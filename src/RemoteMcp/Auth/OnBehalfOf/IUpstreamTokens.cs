using Azure.Core;
using RemoteMcp.ManagedIdentity;

namespace RemoteMcp.Auth.OnBehalfOf;

/// <summary>
/// Acquires tokens on behalf of callers whose access token this server issued. Such a token cannot be exchanged at Entra ID. The sign-in at
/// Entra ID that is stored with the caller's grant is used instead.
/// </summary>
internal interface IUpstreamTokens
{
    /// <summary>Returns a token of the API for the person of a grant.</summary>
    /// <param name="grant">The value of the claim <c>grant</c>.</param>
    /// <param name="request">The scopes of the API.</param>
    /// <param name="cancellationToken">The token that stops the wait.</param>
    /// <exception cref="CloudAccessException">The person must do something first. The message states what.</exception>
    /// <exception cref="Microsoft.Identity.Client.MsalException">Entra ID issues no token.</exception>
    Task<AccessToken> GetTokenAsync(string grant, TokenRequestContext request, CancellationToken cancellationToken);
}
