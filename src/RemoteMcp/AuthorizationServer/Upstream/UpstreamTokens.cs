using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Identity.Client;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Auth.OnBehalfOf;
using RemoteMcp.AuthorizationServer.Grants;
using RemoteMcp.AuthorizationServer.SignIn;
using RemoteMcp.ManagedIdentity;

namespace RemoteMcp.AuthorizationServer.Upstream;

/// <summary>
/// Acquires tokens of APIs from the sign-in at Entra ID that is stored with a grant. Each instance keeps the tokens in memory. If Entra
/// returns a new refresh token, the instance does not store it: Entra's refresh tokens stay valid, and the next refresh of the grant stores
/// a new one.
/// </summary>
internal sealed class UpstreamTokens(
    GrantStore grants,
    EntraSignIn entra,
    GrantSeal seal,
    ExchangeErrors errors,
    StepUpEndpoint steps,
    IHttpContextAccessor accessor,
    TimeProvider time) : IUpstreamTokens, IDisposable
{
    // A token has about 2 KB.
    private const int MaxTokens = 10_000;

    // A token that expires earlier is not used, so that the call of the API has time.
    private static readonly TimeSpan s_minRemaining = TimeSpan.FromMinutes(5);

    private readonly MemoryCache _tokens = new(new MemoryCacheOptions { SizeLimit = MaxTokens });

    public async Task<AccessToken> GetTokenAsync(string grant, TokenRequestContext request, CancellationToken cancellationToken)
    {
        var key = KeyOf(grant, request);
        if (request.Claims is null
            && _tokens.TryGetValue(key, out AccessToken cached)
            && cached.ExpiresOn - time.GetUtcNow() > s_minRemaining)
        {
            return cached;
        }

        try
        {
            var token = await AcquireAsync(grant, request, cancellationToken);
            using var entry = _tokens.CreateEntry(key);
            entry.Size = 1;
            entry.AbsoluteExpiration = token.ExpiresOn;
            entry.Value = token;
            return token;
        }
        catch (MsalUiRequiredException exception) when (exception.Claims is { Length: > 0 } && accessor.HttpContext is not null)
        {
            throw new CloudAccessException(
                CloudAccessProblem.SignInAgain,
                "Your organization requires an additional step, such as multifactor authentication. Open the page, complete the step, "
                    + "and call the tool again.",
                new Uri(
                    ResourceUrl.OfIssuer(accessor.HttpContext.Request)
                    + await steps.CreatePathAsync(grant, exception.Claims, cancellationToken)),
                errors.Explain(exception, request.Scopes));
        }
    }

    public void Dispose() => _tokens.Dispose();

    private async Task<AccessToken> AcquireAsync(string grant, TokenRequestContext request, CancellationToken cancellationToken)
    {
        if (GrantKey.TryParse(grant) is not { } key
            || await grants.FindAsync(key, cancellationToken) is not { Grant: var stored }
            || await seal.TryOpenUpstreamAsync(stored.SealedUpstream, key, cancellationToken) is not { } cache)
        {
            throw new CloudAccessException(
                CloudAccessProblem.SignInAgain,
                "Your sign-in at this server was revoked. Sign out of this server in your client, sign in again, and call the tool again.");
        }

        return await entra.GetTokenAsync(stored.Person, cache, request, cancellationToken);
    }

    private static string KeyOf(string grant, TokenRequestContext request) => Convert.ToBase64String(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{grant} {request.TenantId} {string.Join(' ', request.Scopes)}")));
}
