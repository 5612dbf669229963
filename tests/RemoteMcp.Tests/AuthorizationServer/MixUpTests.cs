using System.Web;
using RemoteMcp.AuthorizationServer.SignIn;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>
/// Tests that every response to a client names its issuer (RFC 9207), so that a client of several servers cannot confuse them, and contains
/// the client's state unchanged.
/// </summary>
public sealed class MixUpTests(AttackedSignIn server) : IClassFixture<AttackedSignIn>
{
    [Theory]
    [InlineData("prompt", "none", "login_required")]
    [InlineData("resource", "https://evil.example/mcp", "invalid_target")]
    [InlineData("resource", "http://127.0.0.1/mcp", "invalid_target")]
    [InlineData("resource", "http://127.0.0.1:1/mcp?x=1", "invalid_target")]
    [InlineData("scope", "too long", "invalid_request")]
    public async Task Error_names_the_issuer(string parameter, string value, string error)
    {
        using var client = await server.RegisterAsync();

        var page = await client.Browser.GoAsync(client.AuthorizeUrl((parameter, value == "too long" ? new string('a', 4100) : value)));

        AssertNamesIssuer(page, "s1");
        Assert.Equal(error, page.Parameters["error"]);
        Assert.Null(page.Parameters["code"]);
    }

    [Theory]
    [InlineData("approve", null)]
    [InlineData("cancel", "access_denied")]
    public async Task Decision_of_the_person_names_the_issuer(string decision, string? error)
    {
        var (client, consent) = await server.OpenConsentAsync();
        using var _ = client;

        var page = await client.Browser.SubmitAsync(consent, decision);

        AssertNamesIssuer(page, "s1");
        Assert.Equal(error, page.Parameters["error"]);
    }

    [Fact]
    public async Task Refusal_of_entra_names_the_issuer()
    {
        var (client, callback) = await server.StartAsync();
        using var _ = client;
        var refusal = await client.Browser.GoAsync(AttackedSignIn.Change(callback, ("code", null), ("error", "access_denied")));
        var link = HttpUtility.HtmlDecode(refusal.Html.Split("href=\"").Single(static part => part.Contains("ticket=")).Split('"')[0]);

        var page = await client.Browser.GoAsync(new Uri(link));

        AssertNamesIssuer(page, "s1");
        Assert.Equal("access_denied", page.Parameters["error"]);
    }

    [Theory]
    [InlineData("a b+c%20d&e=f#g?h/i\\j")]
    [InlineData("\"><script>alert(1)</script>")]
    [InlineData("{\"json\":[\"'`\"]}")]
    [InlineData("\u202Ebidi zero \u200B")]
    [InlineData("\uD83D\uDE00 \u00E4\u00F6\u00FC")]
    [InlineData("%2525%00%0D%0A")]
    [InlineData("code=stolen&iss=https://evil.example")]
    public async Task State_returns_unchanged(string state)
    {
        using var client = await server.RegisterAsync();

        var first = await client.AuthorizeAsync(("state", state));
        var page = await client.Browser.GoAsync(client.AuthorizeUrl(("state", state), ("prompt", "none")));

        Assert.Equal(state, first["state"]);
        AssertNamesIssuer(page, state);
    }

    [Fact]
    public async Task Longest_state_passes_each_redirect()
    {
        using var client = await server.RegisterAsync();
        var other = client.AuthorizeUrl(("state", "")).Query.Length;
        var bytes = new byte[(AuthorizationRequest.MaxLength - other - 8) * 3 / 4];
        new Random(7).NextBytes(bytes);
        var state = Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_').TrimEnd('=');

        var parameters = await client.AuthorizeAsync(("state", state));

        Assert.Equal(state, parameters["state"]);
        Assert.Contains("code", parameters.Keys);
    }

    private void AssertNamesIssuer(BrowserDriver.BrowserPage page, string state)
    {
        Assert.True(page.Redirect is not null, page.Text);
        Assert.StartsWith(AuthorizationDriver.Redirect + "?", page.Redirect.ToString(), StringComparison.Ordinal);
        Assert.Equal(new Uri(server.Server.Url, "/oauth").ToString(), page.Parameters["iss"]);
        Assert.Equal(state, page.Parameters["state"]);
        Assert.Equal("no-store", Assert.Single(page.Headers["Cache-Control"]));
    }
}
