using Microsoft.IdentityModel.JsonWebTokens;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

public sealed class TokenClaimsTests : EmulatedTenant
{
    [Fact]
    public async Task A_v2_access_token_of_a_user_has_Entras_claims()
    {
        var answer = await OAuth.SignInAndRedeemAsync();

        var claims = Claims(answer.AccessToken);
        Assert.Equal(
            [
                "aio", "aud", "azp", "azpacr", "exp", "iat", "iss", "name", "nbf", "oid", "preferred_username", "rh", "scp", "sid", "sub",
                "tid", "uti", "ver",
            ],
            claims.Keys.Order());
        Assert.Equal("2.0", claims["ver"]);
        Assert.Equal(SampleDirectory.ServerId, claims["aud"]);
        Assert.Equal(Emulator.Addresses.IssuerV2(SampleDirectory.ContosoId), claims["iss"]);
        Assert.Equal(SampleDirectory.DesktopClientId, claims["azp"]);
        Assert.Equal("0", claims["azpacr"]);
        Assert.Equal("Mcp.Use", claims["scp"]);
        Assert.Equal(Sample.Adele.ObjectId, claims["oid"]);
        Assert.Equal(Sample.Adele.PrincipalName, claims["preferred_username"]);
        Assert.NotEqual(claims["oid"], claims["sub"]);
    }

    [Fact]
    public async Task A_v1_access_token_has_the_audience_that_the_client_named()
    {
        Sample.Server.AccessTokenVersion = 1;

        var answer = await OAuth.SignInAndRedeemAsync();

        var claims = Claims(answer.AccessToken);
        Assert.Equal("1.0", claims["ver"]);
        Assert.Equal(SampleDirectory.ServerUri, claims["aud"]);
        Assert.Equal($"https://sts.windows.net/{SampleDirectory.ContosoId}/", claims["iss"]);
        Assert.Equal(SampleDirectory.DesktopClientId, claims["appid"]);
        Assert.Equal("0", claims["appidacr"]);
        Assert.Equal(Sample.Adele.PrincipalName, claims["upn"]);
        Assert.DoesNotContain("azp", claims.Keys);
        Assert.DoesNotContain("preferred_username", claims.Keys);
    }

    [Fact]
    public async Task An_app_only_token_has_roles_and_a_service_principal_but_no_scope()
    {
        var answer = await OAuth.TokenAsync(
            ("grant_type", "client_credentials"), ("client_id", SampleDirectory.DaemonId), ("client_secret", SampleDirectory.DaemonSecret),
            ("scope", SampleDirectory.ServerUri + "/.default"));

        var token = answer.Claims;
        Assert.Equal(["Mcp.Invoke"], token.GetPayloadValue<string[]>("roles"));
        Assert.Equal(Sample.Daemon.ServicePrincipalId, token.Subject);
        Assert.Equal(token.Subject, token.GetClaim("oid").Value);
        Assert.Equal("1", token.GetClaim("azpacr").Value);
        Assert.False(token.TryGetPayloadValue<string>("scp", out _));
        Assert.False(token.TryGetPayloadValue<string>("idtyp", out _));
        Assert.False(answer.Body.TryGetProperty("refresh_token", out _));
    }

    [Fact]
    public async Task The_optional_claim_idtyp_distinguishes_apps_from_users()
    {
        Sample.Server.EmitsIdTyp = true;

        var app = await OAuth.TokenAsync(
            ("grant_type", "client_credentials"), ("client_id", SampleDirectory.DaemonId), ("client_secret", SampleDirectory.DaemonSecret),
            ("scope", SampleDirectory.ServerUri + "/.default"));
        var user = await OAuth.SignInAndRedeemAsync();

        Assert.Equal("app", app.Claims.GetClaim("idtyp").Value);
        Assert.Equal("user", user.Claims.GetClaim("idtyp").Value);
    }

    [Fact]
    public async Task The_subject_differs_per_audience_and_the_object_id_does_not()
    {
        var server = await OAuth.SignInAndRedeemAsync();
        var graph = await OAuth.SignInAndRedeemAsync(("scope", "openid User.Read"));

        Assert.NotEqual(server.Claims.Subject, graph.Claims.Subject);
        Assert.Equal(server.Claims.GetClaim("oid").Value, graph.Claims.GetClaim("oid").Value);
    }

    [Fact]
    public async Task An_id_token_is_for_the_client_and_repeats_the_nonce()
    {
        var answer = await OAuth.SignInAndRedeemAsync(("nonce", "n-1"), ("scope", "openid email " + OAuthDriver.ServerScope));

        var claims = Claims(answer.String("id_token"));
        Assert.Equal(SampleDirectory.DesktopClientId, claims["aud"]);
        Assert.Equal("n-1", claims["nonce"]);
        Assert.Equal(Sample.Adele.Mail, claims["email"]);
        Assert.DoesNotContain("scp", claims.Keys);
    }

    [Fact]
    public async Task App_roles_of_a_user_are_in_the_token()
    {
        Sample.Server.Assignments[Sample.Adele.ObjectId] = new HashSet<string> { "Mcp.Admin" };

        var answer = await OAuth.SignInAndRedeemAsync();

        Assert.Equal(["Mcp.Admin"], answer.Claims.GetPayloadValue<string[]>("roles"));
    }

    [Fact]
    public void A_test_can_create_any_token()
    {
        var token = Emulator.Tokens.AccessToken(new AccessTokenRequest(Sample.Contoso, Sample.DesktopClient, Sample.Server)
        {
            User = Sample.Megan,
            Scopes = ["Files.Read"],
            Lifetime = TimeSpan.FromSeconds(5),
            Overrides = new Dictionary<string, object?> { ["tid"] = "someone-else", ["scp"] = null },
        });

        var claims = Claims(token);
        Assert.Equal("someone-else", claims["tid"]);
        Assert.DoesNotContain("scp", claims.Keys);
        Assert.Equal(5, long.Parse(claims["exp"], null) - long.Parse(claims["iat"], null));
    }

    [Fact]
    public async Task The_clock_can_be_moved()
    {
        Emulator.Clock.Advance(TimeSpan.FromHours(-3));

        var answer = await OAuth.SignInAndRedeemAsync();

        Assert.True(answer.Claims.ValidTo < DateTime.UtcNow);
    }

    private static Dictionary<string, string> Claims(string token) =>
        new JsonWebToken(token).Claims.ToDictionary(claim => claim.Type, claim => claim.Value);
}
