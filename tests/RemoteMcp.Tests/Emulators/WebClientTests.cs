using System.Net;
using Microsoft.IdentityModel.JsonWebTokens;
using RemoteMcp.Emulators.Directories;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

/// <summary>Tests the rules for a server that signs users in itself and is the API of its tokens.</summary>
public sealed class WebClientTests : EmulatedTenant
{
    private WebClient Web => new(Emulator, Sample, OAuth);

    [Fact]
    public async Task The_id_token_describes_the_user_and_the_roles()
    {
        Sample.Server.Assignments[Sample.Adele.ObjectId] = new HashSet<string> { "Mcp.Admin" };

        var identity = new JsonWebToken((await Web.SignInAsync(("nonce", "n1"))).String("id_token"));

        Assert.Equal(SampleDirectory.ServerId, identity.Audiences.Single());
        Assert.Equal("n1", identity.GetClaim("nonce").Value);
        Assert.Equal(Sample.Adele.ObjectId, identity.GetClaim("oid").Value);
        Assert.Equal(SampleDirectory.ContosoId, identity.GetClaim("tid").Value);
        Assert.NotEmpty(identity.Subject);
        Assert.Equal(Sample.Adele.DisplayName, identity.GetClaim("name").Value);
        Assert.Equal(Sample.Adele.PrincipalName, identity.GetClaim("preferred_username").Value);
        Assert.Equal(["Mcp.Admin"], identity.GetPayloadValue<string[]>("roles"));
    }

    [Fact]
    public async Task Without_the_scope_profile_the_id_token_does_not_describe_the_user()
    {
        var answer = await Web.SignInAsync(("scope", "openid " + WebClient.OwnScope));

        Assert.DoesNotContain(new JsonWebToken(answer.String("id_token")).Claims, claim => claim.Type is "oid" or "name");
        Assert.False(answer.Body.TryGetProperty("refresh_token", out _));
    }

    [Fact]
    public async Task The_id_token_of_a_refresh_has_no_nonce()
    {
        var answer = await Web.RefreshAsync((await Web.SignInAsync(("nonce", "n1"))).RefreshToken);

        Assert.DoesNotContain(new JsonWebToken(answer.String("id_token")).Claims, claim => claim.Type == "nonce");
    }

    [Theory]
    [InlineData("http://localhost:1/oauth/callback")]
    [InlineData("http://127.0.0.1:65535/oauth/callback")]
    [InlineData("https://mcp.contoso.example/oauth/callback")]
    public async Task The_callback_can_have_any_loopback_port_or_an_added_host(string redirectUri)
    {
        Sample.AddServerHost("mcp.contoso.example");

        Assert.NotEmpty((await Web.AuthorizeAsync(("redirect_uri", redirectUri))).Code);
    }

    [Theory]
    [InlineData("https://127.0.0.1:40123/oauth/callback")]
    [InlineData("https://mcp.contoso.example/oauth/callback")]
    [InlineData("http://127.0.0.1:40123/oauth/callback/")]
    [InlineData("http://127.0.0.1:40123/oauth/callback?next=/")]
    public async Task Another_callback_is_refused(string redirectUri) =>
        Assert.Equal(50011, (await Web.AuthorizeAsync(("redirect_uri", redirectUri))).Refusal);

    [Theory]
    [InlineData(SampleDirectory.ServerUri + "/Mcp.Use")]
    [InlineData(SampleDirectory.ServerUri + "/.default")]
    [InlineData("openid offline_access " + SampleDirectory.ServerUri + "/Mcp.Use")]
    [InlineData(WebClient.OwnScope + " " + SampleDirectory.ServerUri + "/Files.Read")]
    public async Task Its_own_scopes_need_the_client_id_as_prefix(string scope)
    {
        var code = (await Web.AuthorizeAsync()).Code;
        var refused = await Web.RedeemAsync(code, ("scope", scope));
        var tokens = await Web.RedeemAsync(code);

        Assert.Equal(90009, (await Web.AuthorizeAsync(("scope", scope))).Refusal);
        Assert.Equal((90009, HttpStatusCode.BadRequest), (refused.Refusal, refused.Status));
        Assert.Equal(90009, (await Web.RefreshAsync(tokens.RefreshToken, ("scope", scope))).Refusal);
    }

    [Theory]
    [InlineData(WebClient.OwnScope)]
    [InlineData(SampleDirectory.ServerId + "/.default")]
    public async Task Its_own_scopes_need_no_consent(string scope)
    {
        Sample.Contoso.UserConsentAllowed = false;

        var answer = await Web.SignInAsync(("scope", "openid " + scope));

        Assert.Equal(SampleDirectory.ServerId, answer.Claims.Audiences.Single());
    }

    [Fact]
    public async Task The_resource_parameter_is_refused_in_every_request()
    {
        var resource = ("resource", "http://127.0.0.1:40123/mcp");
        var code = (await Web.AuthorizeAsync()).Code;
        var refused = await Web.RedeemAsync(code, resource);
        var tokens = await Web.RedeemAsync(code);

        Assert.Equal(9010010, (await Web.AuthorizeAsync(resource)).Refusal);
        Assert.Equal(9010010, refused.Refusal);
        Assert.Equal(9010010, (await Web.RefreshAsync(tokens.RefreshToken, resource)).Refusal);
        Assert.Equal(9010010, (await Web.RefreshAsync(tokens.RefreshToken, resource, ("scope", WebClient.Scope))).Refusal);
    }

    [Fact]
    public async Task A_code_and_a_refresh_token_need_the_credential_of_the_client()
    {
        (string, string?)[] none = [("client_assertion", null), ("client_assertion_type", null)];
        var code = (await Web.AuthorizeAsync()).Code;
        var refused = await Web.RedeemAsync(code, none);
        var tokens = await Web.RedeemAsync(code);

        Assert.Equal((7000218, "invalid_client"), (refused.Refusal, refused.String("error")));
        Assert.Equal(7000218, (await Web.RefreshAsync(tokens.RefreshToken, none)).Refusal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww")]
    public async Task A_code_with_a_challenge_needs_the_verifier(string? verifier)
    {
        var code = (await Web.AuthorizeAsync()).Code;

        Assert.Equal(501481, (await Web.RedeemAsync(code, ("code_verifier", verifier))).Refusal);
    }

    [Fact]
    public async Task A_refresh_token_lasts_90_days()
    {
        var tokens = await Web.SignInAsync();
        Emulator.Clock.Advance(TimeSpan.FromDays(89));
        var refreshed = await Web.RefreshAsync(tokens.RefreshToken);
        Emulator.Clock.Advance(TimeSpan.FromDays(2));

        Assert.Equal(HttpStatusCode.OK, refreshed.Status);
        Assert.Equal(700082, (await Web.RefreshAsync(tokens.RefreshToken)).Refusal);
        Assert.Equal(HttpStatusCode.OK, (await Web.RefreshAsync(refreshed.RefreshToken)).Status);
    }
}
