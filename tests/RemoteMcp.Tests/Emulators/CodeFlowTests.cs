using System.Net;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

public sealed class CodeFlowTests : EmulatedTenant
{
    [Fact]
    public async Task Signing_in_gives_the_tokens_that_were_asked_for()
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
    public async Task A_loopback_redirect_may_have_any_port(string redirectUri)
    {
        var answer = await OAuth.SignInAndRedeemAsync(("redirect_uri", redirectUri));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task The_resource_parameter_may_name_the_application_of_the_scopes()
    {
        Sample.Server.IdentifierUris.Add("https://mcp.contoso.example/mcp");

        foreach (var resource in new[] { SampleDirectory.ServerUri, "https://mcp.contoso.example/mcp" })
        {
            Assert.Equal(HttpStatusCode.OK, (await OAuth.SignInAndRedeemAsync(("resource", resource))).Status);
        }
    }

    [Fact]
    public async Task Visual_Studio_Code_signs_in_and_needs_no_consent_for_what_it_is_preauthorized_to()
    {
        Sample.Contoso.UserConsentAllowed = false;
        (string, string?)[] code = [("client_id", MicrosoftApplications.VisualStudioCodeId), ("redirect_uri", "http://127.0.0.1:33418/")];

        Assert.Equal(HttpStatusCode.OK, (await OAuth.SignInAndRedeemAsync(code)).Status);
        Assert.Equal(90094, (await OAuth.AuthorizeAsync(OAuthDriver.SignIn([.. code, ("scope", SampleDirectory.ServerUri + "/Files.Read")]))).Refusal);
    }

    [Fact]
    public async Task A_multi_tenant_client_signs_in_through_common_and_gets_the_persons_tenant()
    {
        using var common = new OAuthDriver(Emulator, "common");

        var answer = await common.SignInAndRedeemAsync(
            ("client_id", MicrosoftApplications.VisualStudioCodeId), ("redirect_uri", "http://127.0.0.1:33418/"),
            ("scope", "openid User.Read"), ("login_hint", "alex@fabrikam.example"));

        Assert.Equal(SampleDirectory.FabrikamId, answer.Claims.GetClaim("tid").Value);
    }

    [Fact]
    public async Task A_step_up_adds_to_what_was_consented_to_before()
    {
        var first = await OAuth.SignInAndRedeemAsync();
        var second = await OAuth.SignInAndRedeemAsync(("scope", SampleDirectory.ServerUri + "/Files.Read"));

        Assert.Equal("Mcp.Use", first.Claims.GetClaim("scp").Value);
        Assert.Equal(["Files.Read", "Mcp.Use"], second.Claims.GetClaim("scp").Value.Split(' ').Order());
    }

    [Fact]
    public async Task A_refresh_token_is_replaced_with_every_use_and_the_old_one_lives_on()
    {
        var first = await OAuth.SignInAndRedeemAsync();

        var second = await RefreshAsync(first.RefreshToken);
        var third = await RefreshAsync(second.RefreshToken);
        var again = await RefreshAsync(first.RefreshToken);

        Assert.Equal(4, new[] { first, second, third, again }.Select(answer => answer.RefreshToken).Distinct().Count());
        Assert.Equal("Mcp.Use", again.Claims.GetClaim("scp").Value);
    }

    [Fact]
    public async Task A_refresh_token_serves_another_resource_that_was_consented_to()
    {
        await OAuth.SignInAndRedeemAsync(("scope", "User.Read"));
        var server = await OAuth.SignInAndRedeemAsync();

        var graph = await RefreshAsync(server.RefreshToken, ("scope", "https://graph.microsoft.com/User.Read"));

        Assert.Equal("https://graph.microsoft.com", graph.Claims.Audiences.Single());
    }

    [Theory]
    [InlineData("refresh_token", "1.made-up", 70000)]
    [InlineData("refresh_token", null, 900144)]
    [InlineData("client_id", SampleDirectory.BrowserClientId, 70000)]
    [InlineData("scope", SampleDirectory.ServerUri + "/Files.Write", 65001)]
    [InlineData("resource", "http://localhost:7071/mcp", 9010010)]
    public async Task A_refresh_is_refused_with(string parameter, string? value, int code)
    {
        var tokens = await OAuth.SignInAndRedeemAsync();

        Assert.Equal(code, (await RefreshAsync(tokens.RefreshToken, (parameter, value))).Refusal);
    }

    [Fact]
    public async Task A_refresh_token_expires()
    {
        var tokens = await OAuth.SignInAndRedeemAsync();
        Emulator.Clock.Advance(TimeSpan.FromDays(91));

        Assert.Equal(700082, (await RefreshAsync(tokens.RefreshToken)).Refusal);
    }

    [Fact]
    public async Task Revoked_consent_ends_the_refreshing()
    {
        var tokens = await OAuth.SignInAndRedeemAsync();
        Sample.Contoso.RevokeConsents();

        var answer = await RefreshAsync(tokens.RefreshToken);

        Assert.Equal((65001, "consent_required"), (answer.Refusal, answer.String("suberror")));
    }

    [Fact]
    public async Task A_person_picks_an_account_on_the_page_and_accepts()
    {
        Emulator.SignIn = SignInMode.Form;

        var page = await OAuth.AuthorizeAsync(OAuthDriver.SignIn());
        var answer = await OAuth.AuthorizeAsync(OAuthDriver.SignIn(), pressed: new() { ["user"] = Sample.Megan.ObjectId });

        Assert.Contains("Mcp.Use on Remote MCP", page.Html);
        Assert.Contains(Sample.Megan.PrincipalName, page.Html);
        Assert.Equal(Sample.Megan.ObjectId, (await OAuth.RedeemAsync(answer.Code)).Claims.GetClaim("oid").Value);
    }

    [Fact]
    public async Task A_person_who_cancels_is_told_to_the_client()
    {
        Emulator.SignIn = SignInMode.Form;

        var answer = await OAuth.AuthorizeAsync(OAuthDriver.SignIn(), pressed: new() { ["decision"] = "cancel" });

        Assert.Equal((65004, "access_denied", "s1"), (answer.Refusal, answer.Parameters["error"], answer.Parameters["state"]));
    }

    [Theory]
    [InlineData("login")]
    [InlineData("select_account")]
    public async Task A_prompt_shows_the_page_even_when_sign_in_is_automatic(string prompt)
    {
        var page = await OAuth.AuthorizeAsync(OAuthDriver.SignIn(("prompt", prompt)));

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Pick an account", page.Html);
    }

    [Fact]
    public async Task A_silent_request_succeeds_after_consent_and_fails_without_a_session()
    {
        await OAuth.SignInAndRedeemAsync();

        Assert.NotEmpty((await OAuth.AuthorizeAsync(OAuthDriver.SignIn(("prompt", "none")))).Code);

        Emulator.SignIn = SignInMode.Form;
        Assert.Equal("login_required", (await OAuth.AuthorizeAsync(OAuthDriver.SignIn(("prompt", "none")))).Parameters["error"]);
    }

    [Fact]
    public async Task The_answer_comes_in_the_response_mode_that_was_asked_for()
    {
        var fragment = await OAuth.AuthorizeAsync(OAuthDriver.SignIn(("response_mode", "fragment")));
        var post = await OAuth.AuthorizeAsync(OAuthDriver.SignIn(("response_mode", "form_post")));

        Assert.StartsWith("#code=", fragment.Location!.Fragment);
        Assert.Contains("name=\"code\"", post.Html);
        Assert.Null(post.Location);
    }

    private Task<OAuthDriver.TokenAnswer> RefreshAsync(string token, params (string Name, string? Value)[] changes)
    {
        var form = OAuthDriver.With(
            new() { ["grant_type"] = "refresh_token", ["client_id"] = SampleDirectory.DesktopClientId, ["refresh_token"] = token },
            changes);
        return OAuth.TokenAsync([.. form.Select(pair => (pair.Key, pair.Value))]);
    }
}
