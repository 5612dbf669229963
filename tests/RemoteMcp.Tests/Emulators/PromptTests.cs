using System.Net;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

/// <summary>Tests <c>prompt</c>, <c>login_hint</c>, and <c>domain_hint</c>.</summary>
public sealed class PromptTests : EmulatedTenant
{
    [Fact]
    public async Task Forced_consent_locks_out_users_who_may_not_consent_and_is_counted()
    {
        Sample.Contoso.Consent(Sample.DesktopClient, Sample.Server, ["Mcp.Use"]);
        Sample.Contoso.UserConsentAllowed = false;
        var forced = OAuthDriver.SignIn(("prompt", "consent"));

        var page = await OAuth.AuthorizeAsync(forced);
        var answer = await OAuth.AuthorizeAsync(forced, pressed: new() { ["user"] = Sample.Adele.ObjectId });

        Assert.Contains("Pick an account", page.Html);
        Assert.Equal(90094, answer.Refusal);
        Assert.NotEmpty((await OAuth.AuthorizeAsync(OAuthDriver.SignIn())).Code);
        Assert.Equal((1, 0), (Emulator.Requests.CountOfPrompt("consent"), Emulator.Requests.CountOfPrompt("login")));
    }

    [Theory]
    [InlineData("always")]
    [InlineData("none login")]
    public async Task An_unknown_prompt_is_refused(string prompt) =>
        Assert.Equal(90023, (await OAuth.AuthorizeAsync(OAuthDriver.SignIn(("prompt", prompt)))).Refusal);

    [Theory]
    [InlineData("scope", "api://unknown/Files.Read", 500011)]
    [InlineData("resource", "http://localhost:7071/mcp", 9010010)]
    [InlineData("login_hint", "nobody@contoso.example", 50034)]
    public async Task A_silent_request_reports_every_refusal_to_the_client(string parameter, string value, int code)
    {
        var answer = await OAuth.AuthorizeAsync(OAuthDriver.SignIn(("prompt", "none"), (parameter, value)));

        Assert.Equal((code, "s1"), (answer.Refusal, answer.Parameters["state"]));
    }

    [Fact]
    public async Task A_silent_request_never_goes_to_an_unregistered_redirect()
    {
        var answer = await OAuth.AuthorizeAsync(OAuthDriver.SignIn(("prompt", "none"), ("redirect_uri", "https://evil.example/")));

        Assert.Equal((50011, HttpStatusCode.OK), (answer.Refusal, answer.Status));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("login", false)]
    [InlineData("select_account", true)]
    public async Task A_hint_selects_the_account_unless_the_client_asks_for_a_selection(string? prompt, bool all)
    {
        Emulator.SignIn = SignInMode.Form;

        var page = await OAuth.AuthorizeAsync(OAuthDriver.SignIn(("prompt", prompt), ("login_hint", Sample.Megan.PrincipalName)));

        Assert.Contains(Sample.Megan.PrincipalName, page.Html);
        Assert.Equal(all, page.Html.Contains(Sample.Adele.PrincipalName, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("fabrikam.example", SampleDirectory.FabrikamId)]
    [InlineData("unknown.example", SampleDirectory.ContosoId)]
    public async Task A_domain_hint_selects_the_tenant(string domain, string tenantId)
    {
        using var common = new OAuthDriver(Emulator, "common");

        var answer = await common.SignInAndRedeemAsync(
            ("client_id", MicrosoftApplications.VisualStudioCodeId), ("redirect_uri", "http://127.0.0.1:33418/"),
            ("scope", "openid User.Read"), ("domain_hint", domain));

        Assert.Equal(tenantId, answer.Claims.GetClaim("tid").Value);
    }

    [Fact]
    public async Task A_link_cannot_cancel_for_the_user()
    {
        Emulator.SignIn = SignInMode.Form;

        var answer = await OAuth.AuthorizeAsync(OAuthDriver.SignIn(("decision", "cancel")));

        Assert.Contains("Pick an account", answer.Html);
    }
}
