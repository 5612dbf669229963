using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

/// <summary>Tests calls to Graph on behalf of a caller: token exchange, refusals, and claims challenges.</summary>
public sealed class OnBehalfOfTests : EmulatedTenant
{
    [Fact]
    public async Task The_callers_token_is_exchanged_for_a_Graph_token()
    {
        var graph = await ExchangeAsync(CallersToken());

        Assert.Equal(HttpStatusCode.OK, graph.Status);
        Assert.Equal(Sample.Adele.ObjectId, graph.Claims.GetClaim("oid").Value);
        Assert.Equal(SampleDirectory.ServerId, graph.Claims.GetClaim("appid").Value);
        Assert.Equal("1", graph.Claims.GetClaim("appidacr").Value);
    }

    [Fact]
    public async Task A_token_of_the_managed_identity_replaces_the_secret()
    {
        var answer = await ExchangeAsync(
            CallersToken(), ("client_secret", null), ("client_assertion", IdentityToken()), ("client_assertion_type", AssertionType));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("2", answer.Claims.GetClaim("appidacr").Value);
    }

    [Fact]
    public async Task Missing_consent_for_the_server_is_reported_to_the_caller()
    {
        Sample.Contoso.RevokeConsents();

        var answer = await ExchangeAsync(CallersToken());

        Assert.Equal((65001, "invalid_grant", "consent_required"), (answer.Refusal, answer.String("error"), answer.String("suberror")));
    }

    [Theory]
    [InlineData("client_secret", "wrong", 7000215)]
    [InlineData("client_secret", null, 7000218)]
    [InlineData("requested_token_use", null, 900144)]
    [InlineData("assertion", null, 900144)]
    [InlineData("assertion", "no.jwt.here", 50013)]
    [InlineData("assertion", "", 900144)]
    [InlineData("scope", null, 900144)]
    [InlineData("scope", "User.Read https://management.azure.com/user_impersonation", 28000)]
    public async Task An_invalid_exchange_is_refused(string parameter, string? value, int code)
    {
        Assert.Equal(code, (await ExchangeAsync(CallersToken(), (parameter, value))).Refusal);
    }

    [Theory]
    [InlineData("a.b.c.d.e")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOjUsImV4cCI6InNvb24iLCJhdWQiOnt9fQ.AA")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjk5OTk5OTk5OTk5OTk5OTk5OTk5fQ.AA")]
    public async Task A_malformed_token_is_refused_everywhere(string token)
    {
        var exchanged = await ExchangeAsync(token);
        var authenticated = await ExchangeAsync(
            CallersToken(), ("client_secret", null), ("client_assertion", token), ("client_assertion_type", AssertionType));
        using var client = Emulator.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var me = await client.GetAsync("v1.0/me", Cancelled);

        Assert.Equal(50013, exchanged.Refusal);
        Assert.Equal("invalid_client", authenticated.String("error"));
        Assert.Equal(HttpStatusCode.Unauthorized, me.StatusCode);
    }

    [Fact]
    public async Task Only_a_token_for_the_server_itself_is_exchanged()
    {
        var forGraph = Emulator.Tokens.AccessToken(
            new AccessTokenRequest(Sample.Contoso, Sample.DesktopClient, Graph) { User = Sample.Adele, Scopes = ["User.Read"] });

        Assert.Equal(500131, (await ExchangeAsync(forGraph)).Refusal);
    }

    [Fact]
    public async Task An_expired_token_is_not_exchanged()
    {
        var token = CallersToken();
        Emulator.Clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal(500133, (await ExchangeAsync(token)).Refusal);
    }

    [Fact]
    public async Task A_token_signed_by_another_key_is_not_exchanged()
    {
        using var rsa = RSA.Create(2048);
        var forged = Emulator.Tokens.Sign(
            new JsonWebToken(CallersToken()).Claims.ToDictionary(claim => claim.Type, claim => (object)claim.Value),
            new SigningCredentials(new RsaSecurityKey(rsa) { KeyId = Emulator.Keys.Current.KeyId }, SecurityAlgorithms.RsaSha256));

        Assert.Equal(50013, (await ExchangeAsync(forged)).Refusal);
    }

    [Fact]
    public async Task A_token_without_a_user_is_not_exchanged()
    {
        var app = Emulator.Tokens.AccessToken(
            new AccessTokenRequest(Sample.Contoso, Sample.Daemon, Sample.Server) { Roles = ["Mcp.Invoke"] });

        Assert.Equal(7000114, (await ExchangeAsync(app)).Refusal);
    }

    [Fact]
    public async Task A_sign_in_with_the_claims_challenge_satisfies_the_policy()
    {
        Sample.Contoso.ConditionalAccess[MicrosoftApplications.GraphId] = new(ConditionalAccessDecision.RequireMultifactor, "policy-1");
        var before = (await OAuth.SignInAndRedeemAsync()).AccessToken;

        var challenge = await ExchangeAsync(before);
        Assert.Equal(
            (50076, "interaction_required", "basic_action"), (challenge.Refusal, challenge.String("error"), challenge.String("suberror")));
        Assert.Equal("""{"access_token":{"capolids":{"essential":true,"values":["policy-1"]}}}""", challenge.String("claims"));

        var after = (await OAuth.SignInAndRedeemAsync(("claims", challenge.String("claims")))).AccessToken;
        Assert.Equal(HttpStatusCode.OK, (await ExchangeAsync(after)).Status);
    }

    [Fact]
    public async Task A_blocking_policy_cannot_be_satisfied()
    {
        Sample.Contoso.ConditionalAccess[MicrosoftApplications.GraphId] = new(ConditionalAccessDecision.Block, "policy-1");

        var answer = await ExchangeAsync(CallersToken());

        Assert.Equal((53003, "interaction_required", "message_only"), (answer.Refusal, answer.String("error"), answer.String("suberror")));
    }

    [Fact]
    public async Task A_refresh_after_a_new_policy_is_refused_with_a_claims_challenge()
    {
        var tokens = await OAuth.SignInAndRedeemAsync();
        Sample.Contoso.ConditionalAccess[SampleDirectory.ServerId] = new(ConditionalAccessDecision.RequireMultifactor, "policy-2");

        var answer = await OAuth.TokenAsync(
            ("grant_type", "refresh_token"), ("client_id", SampleDirectory.DesktopClientId), ("refresh_token", tokens.RefreshToken));

        Assert.Equal((50076, "invalid_grant"), (answer.Refusal, answer.String("error")));
        Assert.Contains("policy-2", answer.String("claims"));
    }

    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private string CallersToken() => Emulator.Tokens.AccessToken(
        new AccessTokenRequest(Sample.Contoso, Sample.DesktopClient, Sample.Server) { User = Sample.Adele, Scopes = ["Mcp.Use"] });

    private string IdentityToken() => Emulator.Tokens.AccessToken(
        new AccessTokenRequest(
            Sample.Contoso, Sample.Daemon, Sample.Directory.FindResource(MicrosoftApplications.TokenExchangeAudience, Sample.Contoso)!)
        {
            PrincipalId = SampleDirectory.IdentityObjectId,
        });

    private Task<OAuthDriver.TokenAnswer> ExchangeAsync(string assertion, params (string Name, string? Value)[] changes)
    {
        var form = OAuthDriver.With(
            new()
            {
                ["grant_type"] = "urn:ietf:params:oauth:grant-type:jwt-bearer",
                ["requested_token_use"] = "on_behalf_of",
                ["client_id"] = SampleDirectory.ServerId,
                ["client_secret"] = SampleDirectory.ServerSecret,
                ["scope"] = "https://graph.microsoft.com/User.Read",
                ["assertion"] = assertion,
            },
            changes);
        return OAuth.TokenAsync([.. form.Select(pair => (pair.Key, pair.Value))]);
    }
}
