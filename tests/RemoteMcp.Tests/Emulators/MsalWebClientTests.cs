using System.Collections.Concurrent;
using System.Web;
using Microsoft.Identity.Client;
using Microsoft.IdentityModel.JsonWebTokens;
using RemoteMcp.Emulators.Directories;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

/// <summary>
/// Tests MSAL.NET as a server uses it to sign users in: a confidential client whose credential is the assertion of the managed identity,
/// and which is also the API of the tokens. Every step has a new client, as on another instance. Only the serialized cache connects them.
/// </summary>
public sealed class MsalWebClientTests : EmulatedTenant, IMsalHttpClientFactory
{
    private static readonly string[] s_ownScope = [WebClient.OwnScope];
    private static readonly string[] s_graphScope = ["https://graph.microsoft.com/User.Read"];

    private readonly ConcurrentDictionary<string, byte[]> _caches = new();

    private WebClient Web => new(Emulator, Sample, OAuth);

    [Fact]
    public async Task A_user_signs_in_on_one_instance_and_another_refreshes_and_calls_Graph()
    {
        var signedIn = await SignInAsync(claims: null);
        var account = signedIn.Account.HomeAccountId.Identifier;
        var silent = await AcquireAsync(s_ownScope, account, force: true);
        var graph = await AcquireAsync(s_graphScope, account, force: false);

        var identity = new JsonWebToken(signedIn.IdToken);
        Assert.Equal("n1", identity.GetClaim("nonce").Value);
        Assert.Equal($"{Sample.Adele.ObjectId}.{SampleDirectory.ContosoId}", account);
        Assert.Equal([account], _caches.Keys);
        Assert.NotEqual(signedIn.AccessToken, silent.AccessToken);
        Assert.Equal("Mcp.Use", new JsonWebToken(silent.AccessToken).GetClaim("scp").Value);
        Assert.Equal(SampleDirectory.ServerId, new JsonWebToken(silent.AccessToken).Audiences.Single());
        Assert.Equal("https://graph.microsoft.com", new JsonWebToken(graph.AccessToken).Audiences.Single());
        Assert.Equal(TokenSource.IdentityProvider, graph.AuthenticationResultMetadata.TokenSource);
    }

    [Fact]
    public async Task The_refusal_of_a_refresh_says_why_and_what_the_next_sign_in_needs()
    {
        var account = (await SignInAsync(claims: null)).Account.HomeAccountId.Identifier;
        Sample.Contoso.ConditionalAccess[SampleDirectory.ServerId] = new(ConditionalAccessDecision.RequireMultifactor, "policy-1");

        var challenged = await Assert.ThrowsAsync<MsalClaimsChallengeException>(() => AcquireAsync(s_ownScope, account, force: true));
        await SignInAsync(challenged.Claims);
        var refreshed = await AcquireAsync(s_ownScope, account, force: true);
        Sample.Adele.Disabled = true;
        var disabled = await Assert.ThrowsAsync<MsalUiRequiredException>(() => AcquireAsync(s_ownScope, account, force: true));

        Assert.NotEmpty(refreshed.AccessToken);
        Assert.Contains("AADSTS50057", disabled.Message);
        Assert.Equal(0, Emulator.Requests.CountOfPrompt("consent"));
    }

    public HttpClient GetHttpClient() => Emulator.CreateClient();

    private async Task<AuthenticationResult> SignInAsync(string? claims)
    {
        var code = await AuthorizeAsync(await Server().GetAuthorizationRequestUrl(s_ownScope)
            .WithRedirectUri(WebClient.Redirect)
            .WithPrompt(Prompt.NoPrompt)
            .WithPkce(out var verifier)
            .WithClaims(claims)
            .WithExtraQueryParameters(new Dictionary<string, (string, bool)> { ["nonce"] = ("n1", false), ["state"] = ("s1", false) })
            .ExecuteAsync(Cancelled));
        return await Server().AcquireTokenByAuthorizationCode(s_ownScope, code).WithPkceCodeVerifier(verifier).ExecuteAsync(Cancelled);
    }

    private async Task<AuthenticationResult> AcquireAsync(string[] scopes, string account, bool force)
    {
        var server = Server();
        return await server.AcquireTokenSilent(scopes, await server.GetAccountAsync(account))
            .WithForceRefresh(force)
            .ExecuteAsync(Cancelled);
    }

    private IConfidentialClientApplication Server()
    {
        var server = ConfidentialClientApplicationBuilder.Create(SampleDirectory.ServerId)
            .WithClientAssertion((AssertionRequestOptions _) => Task.FromResult(Web.Assertion()))
            .WithAuthority(Emulator.Addresses.Entra + SampleDirectory.ContosoId)
            .WithRedirectUri(WebClient.Redirect)
            .WithInstanceDiscovery(false)
            .WithHttpClientFactory(this)
            .Build();
        server.UserTokenCache.SetBeforeAccess(access =>
        {
            if (access.SuggestedCacheKey is { } key && _caches.TryGetValue(key, out var cache))
            {
                access.TokenCache.DeserializeMsalV3(cache, shouldClearExistingCache: true);
            }
        });
        server.UserTokenCache.SetAfterAccess(access =>
        {
            if (access.HasStateChanged)
            {
                _caches[access.SuggestedCacheKey] = access.TokenCache.SerializeMsalV3();
            }
        });
        return server;
    }

    private async Task<string> AuthorizeAsync(Uri url)
    {
        using var browser = Emulator.CreateClient(followRedirects: false);
        using var response = await browser.GetAsync(url, Cancelled);
        var parameters = HttpUtility.ParseQueryString(response.Headers.Location!.Query);
        Assert.Equal("s1", parameters["state"]);
        return parameters["code"]!;
    }
}
