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
/// Exchanges the token that a caller sent for one of an API that a tool calls (OAuth 2.0 on-behalf-of), with the managed identity's
/// assertion as the server's only credential.
/// </summary>
internal sealed class OnBehalfOf(ITokenAcquisition tokens, IOptions<AppCredentialOptions> options, ExchangeErrors errors, TimeProvider time)
{
    // A cache that does not answer, an assertion, an exchange and its one retry; above what they take together in any but bad times.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The server's credential, for Microsoft.Identity.Web to hold on to.</summary>
    public CredentialDescription Credential { get; } = new()
    {
        SourceType = CredentialSource.SignedAssertionFromManagedIdentity,
        ManagedIdentityClientId = options.Value.ClientId,
        TokenExchangeUrl = options.Value.TokenExchangeUrl,
    };

    /// <exception cref="CloudAccessException">There is none, with what to do about it.</exception>
    public async ValueTask<AccessToken> GetTokenAsync(ClaimsPrincipal user, TokenRequestContext request, CancellationToken cancellationToken)
    {
        if (!options.Value.HasManagedIdentity)
        {
            throw errors.NoCredential();
        }

        // Without one, Microsoft.Identity.Web would look for what an ambient HttpContext has.
        if (CallerTokens.Of(user) is null)
        {
            throw ExchangeErrors.NoToken();
        }

        using var deadline = new CancellationTokenSource(Patience, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        // A credential that failed once is skipped for the life of the process; a managed identity that was late is not lost.
        Credential.Skip = false;
        try
        {
            var result = await tokens.GetAuthenticationResultForUserAsync(
                request.Scopes,
                authenticationScheme: JwtBearerDefaults.AuthenticationScheme,
                tenantId: Caller.From(user).Tenant,
                user: user,
                tokenAcquisitionOptions: new() { CancellationToken = ends.Token, Claims = request.Claims }).WaitAsync(ends.Token);
            return new AccessToken(result.AccessToken, result.ExpiresOn);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw errors.Explain(failure, request.Scopes);
        }
    }
}
