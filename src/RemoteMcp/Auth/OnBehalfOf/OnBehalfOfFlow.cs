using System.Security.Claims;
using Azure.Core;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Abstractions;
using Microsoft.Identity.Web;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.ManagedIdentity;

namespace RemoteMcp.Auth.OnBehalfOf;

/// <summary>
/// Exchanges the token that a caller sent for a token of an API that a tool calls (OAuth 2.0 on-behalf-of flow). The server's only
/// credential is an assertion of the managed identity.
/// </summary>
internal sealed class OnBehalfOfFlow(
    ITokenAcquisition tokens,
    IOptions<AppCredentialOptions> options,
    ExchangeErrors errors,
    TimeProvider time,
    IUpstreamTokens? upstream = null)
{
    // Allows for a cache that does not respond, the assertion, the exchange, and one retry of the exchange. Normally, all of these together
    // take less time.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    /// <summary>Gets the server's credential. Microsoft.Identity.Web keeps a reference to this object.</summary>
    public CredentialDescription Credential { get; } = new()
    {
        SourceType = CredentialSource.SignedAssertionFromManagedIdentity,
        ManagedIdentityClientId = options.Value.ClientId,
        TokenExchangeUrl = options.Value.TokenExchangeUrl,
    };

    /// <summary>Returns a token of the API for the caller.</summary>
    /// <exception cref="CloudAccessException">There is no token. The message states what to do.</exception>
    public async ValueTask<AccessToken> GetTokenAsync(
        ClaimsPrincipal user, TokenRequestContext request, CancellationToken cancellationToken)
    {
        var grant = upstream is null ? null : user.FindFirst(ServerTokens.GrantClaim)?.Value;
        if (grant is null)
        {
            RequireExchange(user);
        }

        using var timeout = new CancellationTokenSource(s_timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var token = grant is null
                ? ExchangeAsync(user, request, linked.Token)
                : upstream!.GetTokenAsync(grant, request, linked.Token);
            return await token.WaitAsync(linked.Token);
        }
        catch (Exception exception) when (exception is not CloudAccessException && !cancellationToken.IsCancellationRequested)
        {
            throw errors.Explain(exception, request.Scopes);
        }
    }

    private void RequireExchange(ClaimsPrincipal user)
    {
        if (!options.Value.HasManagedIdentity)
        {
            throw errors.NoCredential();
        }

        // Without a token in the principal, Microsoft.Identity.Web would take the token of the current HttpContext.
        if (CallerTokens.Of(user) is null)
        {
            throw ExchangeErrors.NoToken();
        }
    }

    private async Task<AccessToken> ExchangeAsync(ClaimsPrincipal user, TokenRequestContext request, CancellationToken cancellationToken)
    {
        // After a credential has failed once, Microsoft.Identity.Web skips it until the process ends. The server resets this mark, because
        // the failure of a managed identity can be temporary.
        Credential.Skip = false;
        var result = await tokens.GetAuthenticationResultForUserAsync(
            request.Scopes,
            authenticationScheme: JwtBearerDefaults.AuthenticationScheme,
            tenantId: Caller.From(user).Tenant,
            user: user,
            tokenAcquisitionOptions: new() { CancellationToken = cancellationToken, Claims = request.Claims });
        return new AccessToken(result.AccessToken, result.ExpiresOn);
    }
}
