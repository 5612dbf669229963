using Azure.Core;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Client;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.AuthorizationServer.Grants;

namespace RemoteMcp.AuthorizationServer.Upstream;

/// <summary>
/// Signs people in at Entra ID, as the confidential client of the server's own app registration. The server is both the client and the
/// resource, so it qualifies scopes with its client id (AADSTS90009). It never sends <c>resource</c>.
/// </summary>
/// <remarks>
/// Each operation uses a new MSAL client whose token cache contains only the tokens of one grant. The caller stores this cache with the
/// grant. The access token that Entra issues for this server is validated exactly as one that a caller sends.
/// </remarks>
internal sealed partial class EntraSignIn(
    IOptions<AuthOptions> auth,
    IOptionsMonitor<JwtBearerOptions> bearer,
    TokenRules rules,
    UpstreamCredential credential,
    IMsalHttpClientFactory http,
    TimeProvider time,
    ILogger<EntraSignIn> logger)
{
    // Allows for the assertion, the request, and one retry. Normally, all of these together take less time.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    // The download of the keys takes at most ten seconds.
    private const int MaxKeyPolls = 100;

    private static readonly TimeSpan s_keyPollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Creates the request with which the browser goes to Entra ID.</summary>
    /// <param name="redirectUri">The URL of this server to which Entra redirects the browser.</param>
    /// <param name="scopes">The names of the scopes, without the identifier URI.</param>
    /// <param name="nonce">The nonce that the ID token contains.</param>
    /// <param name="prompt">The OpenID Connect prompt, or <see langword="null"/>. The server never forces consent.</param>
    /// <param name="claims">The claims challenge of Conditional Access, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">The token that stops the wait.</param>
    /// <exception cref="UpstreamException">The server has no credential, so it could not redeem the code.</exception>
    public async Task<UpstreamRequest> CreateRequestAsync(
        string redirectUri,
        IEnumerable<string> scopes,
        string nonce,
        string? prompt,
        string? claims,
        CancellationToken cancellationToken)
    {
        if (!credential.IsConfigured)
        {
            throw UpstreamErrors.NoCredential(null);
        }

        var builder = CreateClient(redirectUri, tenant: null).GetAuthorizationRequestUrl(Qualify(scopes))
            .WithRedirectUri(redirectUri)
            .WithPkce(out var verifier)
            .WithPrompt(prompt is "select_account" ? Prompt.SelectAccount : prompt is "login" ? Prompt.ForceLogin : Prompt.NoPrompt)
            .WithExtraQueryParameters(new Dictionary<string, (string, bool)> { ["nonce"] = (nonce, false) });
        builder = claims is null ? builder : builder.WithClaims(claims);
        return new UpstreamRequest(await builder.ExecuteAsync(cancellationToken), verifier);
    }

    /// <summary>Redeems the code that Entra ID returned.</summary>
    /// <exception cref="UpstreamException">Entra issues no token, or this server does not accept it.</exception>
    public Task<UpstreamSignIn> RedeemAsync(
        string code, string verifier, string nonce, string redirectUri, IEnumerable<string> scopes, CancellationToken cancellationToken) =>
        RunAsync(
            async cancelled =>
            {
                var client = CreateClient(redirectUri, tenant: null);
                var cache = MemoryTokenCache.Attach(client, null);
                var result = await client.AcquireTokenByAuthorizationCode(Qualify(scopes), code)
                    .WithPkceCodeVerifier(verifier)
                    .ExecuteAsync(cancelled);
                // OpenID Connect Core, section 3.1.3.7: the nonce binds the ID token to the browser. TLS authenticates the token.
                if (!new JsonWebToken(result.IdToken).TryGetPayloadValue<string>("nonce", out var returned) || returned != nonce)
                {
                    throw new UpstreamException(
                        UpstreamProblem.NotAccepted, "The sign-in belongs to another browser. Start again.", null, null);
                }

                return await CreateResultAsync(result, cache, cancelled);
            },
            cancellationToken);

    /// <summary>Checks at Entra ID that the person may still sign in, and gets the current roles.</summary>
    /// <exception cref="UpstreamException">Entra issues no token, or this server does not accept it.</exception>
    public Task<UpstreamSignIn> RefreshAsync(SignedInPerson person, UpstreamCache stored, CancellationToken cancellationToken) => RunAsync(
        async cancelled =>
        {
            var (client, cache, account) = await OpenAsync(person, stored);
            var result = await client.AcquireTokenSilent(Qualify(person.Scopes), account).WithForceRefresh(true).ExecuteAsync(cancelled);
            return await CreateResultAsync(result, cache, cancelled);
        },
        cancellationToken);

    /// <summary>Gets a token of an API on behalf of the person.</summary>
    /// <exception cref="MsalException">Entra issues no token.</exception>
    public async Task<AccessToken> GetTokenAsync(
        SignedInPerson person, UpstreamCache stored, TokenRequestContext request, CancellationToken cancellationToken)
    {
        var (client, _, account) = await OpenAsync(person, stored);
        var builder = client.AcquireTokenSilent(request.Scopes, account);
        var result = await (request.Claims is { } claims ? builder.WithClaims(claims) : builder).ExecuteAsync(cancellationToken);
        return new AccessToken(result.AccessToken, result.ExpiresOn);
    }

    private async Task<(IConfidentialClientApplication Client, MemoryTokenCache Cache, IAccount Account)> OpenAsync(
        SignedInPerson person, UpstreamCache stored)
    {
        var client = CreateClient(null, person.Tenant);
        var cache = MemoryTokenCache.Attach(client, stored.Content);
        var account = await client.GetAccountAsync(stored.Account)
            ?? throw new UpstreamException(UpstreamProblem.SignInRequired, "The sign-in at Entra ID has expired.", null, null);
        return (client, cache, account);
    }

    private async Task<UpstreamSignIn> CreateResultAsync(
        AuthenticationResult result, MemoryTokenCache cache, CancellationToken cancellationToken)
    {
        var validated = await ValidateAsync(result.AccessToken, cancellationToken);
        if (validated.IsValid)
        {
            var user = new System.Security.Claims.ClaimsPrincipal(validated.ClaimsIdentity);
            if ((rules.FindProblem(user) ?? rules.FindMissingPermission(user)) is not { } problem)
            {
                return new UpstreamSignIn(SignedInPerson.From(user), new(result.Account.HomeAccountId.Identifier, cache.Content));
            }

            LogNotAccepted(problem, null);
            throw new UpstreamException(UpstreamProblem.NotAccepted, problem, null, null);
        }

        // Entra ID has just issued the token. If the keys of Entra ID are not available, or the app registration is wrong, the person can
        // do nothing about it, and the grant stays.
        const string Invalid = "This server does not accept the token that Entra ID issued for it.";
        LogNotAccepted(Invalid, validated.Exception?.GetType().Name);
        throw new UpstreamException(
            validated.Exception is SecurityTokenInvalidIssuerException
                ? UpstreamProblem.NotAccepted
                : UpstreamProblem.NotConfigured,
            Invalid,
            null,
            validated.Exception);
    }

    /// <summary>
    /// Validates an access token. If Entra ID has signed it with a key that this instance does not know yet, waits until the keys are
    /// downloaded again. The handler requests the download, but does not wait for it.
    /// </summary>
    /// <exception cref="UpstreamException">The key is not among the keys that Entra publishes. The person stays signed in.</exception>
    private async Task<TokenValidationResult> ValidateAsync(string token, CancellationToken cancellationToken)
    {
        var options = bearer.Get(JwtBearerDefaults.AuthenticationScheme);
        var keys = (BaseConfigurationManager)options.ConfigurationManager!;
        var parameters = options.TokenValidationParameters.Clone();
        parameters.ConfigurationManager = keys;
        for (var polls = 0; polls < MaxKeyPolls; polls++)
        {
            var known = await keys.GetBaseConfigurationAsync(cancellationToken);
            var result = await options.TokenHandlers[0].ValidateTokenAsync(token, parameters);
            if (result.Exception is not SecurityTokenSignatureKeyNotFoundException)
            {
                return result;
            }

            while (polls < MaxKeyPolls && ReferenceEquals(known, await keys.GetBaseConfigurationAsync(cancellationToken)))
            {
                await Task.Delay(s_keyPollInterval, time, cancellationToken);
                polls++;
            }
        }

        throw new UpstreamException(
            UpstreamProblem.Unavailable, "Entra ID signed a token with a key that it does not publish yet.", null, null);
    }

    private async Task<UpstreamSignIn> RunAsync(
        Func<CancellationToken, Task<UpstreamSignIn>> operation, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await operation(linked.Token).WaitAsync(linked.Token);
        }
        catch (Exception exception) when (exception is not UpstreamException && !cancellationToken.IsCancellationRequested)
        {
            var explained = UpstreamErrors.Explain(exception);
            LogRefused(explained.Problem, explained.Reference ?? exception.GetType().Name,
                explained.Problem is UpstreamProblem.NotConfigured ? exception : null);
            throw explained;
        }
    }

    private IConfidentialClientApplication CreateClient(string? redirectUri, string? tenant)
    {
        var options = auth.Value;
        var builder = ConfidentialClientApplicationBuilder.Create(options.ClientId)
            .WithAuthority($"{options.Instance.TrimEnd('/')}/{tenant ?? options.TenantId}")
            // The operator configured the authority, so MSAL must not ask another service about it.
            .WithInstanceDiscovery(false)
            .WithHttpClientFactory(http)
            .WithLegacyCacheCompatibility(false);
        builder = redirectUri is null ? builder : builder.WithRedirectUri(redirectUri);
        return credential.AddTo(builder).Build();
    }

    // "If a client is also the resource, it must use the GUID form" (AADSTS90009).
    private IEnumerable<string> Qualify(IEnumerable<string> scopes) => scopes.Select(scope => $"{auth.Value.ClientId}/{scope}");

    [LoggerMessage(Microsoft.Extensions.Logging.LogLevel.Warning, "A sign-in at Entra ID failed: {Problem} ({Reference}).")]
    private partial void LogRefused(UpstreamProblem problem, string reference, Exception? exception);

    [LoggerMessage(
        Microsoft.Extensions.Logging.LogLevel.Warning, "The token that Entra ID issued in a sign-in was refused: {Problem} ({Failure})")]
    private partial void LogNotAccepted(string? problem, string? failure);
}
