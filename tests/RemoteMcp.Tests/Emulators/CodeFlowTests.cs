using System.Net;
using RemoteMcp.Emulators.Directories;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

public sealed class CodeFlowTests : EmulatedTenant
{
    [Fact]
    public async Task Signing_in_returns_the_requested_tokens()
    {
        var answer = await OAuth.SignInAndRedeemAsync();

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("Bearer", answer.String("token_type"));
        Assert.Equal(OAuthDriver.ServerScope + " openid", answer.String("scope"));
        Assert.Equal(3599, answer.Body.GetProperty("expires_in").GetInt32());
        Assert.NotEmpty(answer.RefreshToken);
        Assert.NotEmpty(answer.String("id_token"));
        Assert.False(answer.Body.TryGetProperty("client_info", out _));
    }

    [Fact]
    public async Task Without_openid_and_offline_access_there_is_only_an_access_token()
    {
        var answer = await OAuth.SignInAndRedeemAsync(("scope", OAuthDriver.ServerScope));

        Assert.False(answer.Body.TryGetProperty("refresh_token", out _));
        Assert.False(answer.Body.TryGetProperty("id_token", out _));
    }

    [Theory]
    [InlineData("http://localhost:1/callback")]
    [InlineData("http://localhost:65535/callback")]
    [InlineData("http://localhost/callback")]
    [InlineData("http://localhost:8080")]
    [InlineData("http://127.0.0.1:33418/")]
    public async Task A_loopback_redirect_can_have_any_port(string redirectUri)
    {
        var answer = await OAuth.SignInAndRedeemAsync(("redirect_uri", redirectUri));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task The_resource_parameter_can_name_the_application_of_the_scopes()
    {
        Sample.Server.IdentifierUris.Add("https://mcp.contoso.example/mcp");

        foreach (var resource in new[] { SampleDirectory.ServerUri, "https://mcp.contoso.example/mcp" })
        {
            Assert.Equal(HttpStatusCode.OK, (await OAuth.SignInAndRedeemAsync(("resource", resource))).Status);
        }
    }

    [Fact]
    public async Task Visual_Studio_Code_needs_no_consent_for_its_preauthorized_scopes()
    {
        Sample.Contoso.UserConsentAllowed = false;
        (string, string?)[] code = [("client_id", MicrosoftApplications.VisualStudioCodeId), ("redirect_uri", "http://127.0.0.1:33418/")];

        Assert.Equal(HttpStatusCode.OK, (await OAuth.SignInAndRedeemAsync(code)).Status);
        Assert.Equal(
            90094,
            (await OAuth.AuthorizeAsync(OAuthDriver.SignIn([.. code, ("scope", SampleDirectory.ServerUri + "/Files.Read")]))).Refusal);
    }

    [Fact]
    public async Task A_multi_tenant_client_signs_in_through_common_and_gets_the_users_tenant()
    {
        using var common = new OAuthDriver(Emulator, "common");

        var answer = await common.SignInAndRedeemAsync(
            ("client_id", MicrosoftApplications.VisualStudioCodeId), ("redirect_uri", "http://127.0.0.1:33418/"),
            ("scope", "openid User.Read"), ("login_hint", "alex@fabrikam.example"));

        Assert.Equal(SampleDirectory.FabrikamId, answer.Claims.GetClaim("tid").Value);
    }

    [Fact]
    public async Task A_step_up_adds_to_the_earlier_consent()
    {
        var first = await OAuth.SignInAndRedeemAsync();
        var second = await OAuth.SignInAndRedeemAsync(("scope", SampleDirectory.ServerUri + "/Files.Read"));

        Assert.Equal("Mcp.Use", first.Claims.GetClaim("scp").Value);
        Assert.Equal(["Files.Read", "Mcp.Use"], second.Claims.GetClaim("scp").Value.Split(' ').Order());
    }
}
