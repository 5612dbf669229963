using System.Net;
using Xunit;
using static RemoteMcp.Tests.AuthorizationServer.BrowserDriver;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>
/// Tests that consent counts only in the browser of the sign-in and only for its own request. Other brokers lost accounts to these attacks.
/// </summary>
public sealed class BrowserBindingTests(AttackedSignIn server) : IClassFixture<AttackedSignIn>
{
    private const string Web = "https://claude.ai/api/mcp/auth_callback";

    private static readonly Dictionary<string, Func<AttackedSignIn, AuthorizationDriver, BrowserPage, Task<BrowserPage>>> s_attacks = new()
    {
        ["no cookie"] = static (server, _, page) => InOtherBrowserAsync(server, browser => browser.SubmitAsync(page, "approve")),
        ["another browser's cookie"] = static async (server, _, page) =>
        {
            var (attacker, _) = await server.OpenConsentAsync();
            using (attacker)
            {
                return await attacker.Browser.SubmitAsync(page, "approve");
            }
        },
        ["a malformed cookie"] = static (server, _, page) => WithCookieAsync(server, page, "%%%.<>"),
        ["an empty cookie"] = static (server, _, page) => WithCookieAsync(server, page, ""),
        ["a short cookie"] = static (server, _, page) => WithCookieAsync(server, page, "AAAA"),
        ["a cookie of zeros"] = static (server, _, page) => WithCookieAsync(server, page, new string('A', 43)),
        ["a long cookie"] = static (server, _, page) => WithCookieAsync(server, page, new string('A', 3000)),
        ["the page by GET without a cookie"] = static (server, _, page) =>
            InOtherBrowserAsync(server, browser => browser.GoAsync(page.Url)),
        ["another client"] = static async (server, client, page) =>
        {
            using var attacker = await server.RegisterAsync();
            return await client.Browser.SubmitAsync(page, "approve", ("client_id", attacker.ClientId));
        },
        ["another port of the redirect URI"] = static (_, client, page) =>
            client.Browser.SubmitAsync(page, "approve", ("redirect_uri", "http://127.0.0.1:51235/callback")),
        ["the redirect URI with an empty query"] = static (_, client, page) =>
            client.Browser.SubmitAsync(page, "approve", ("redirect_uri", AuthorizationDriver.Redirect + "?")),
        ["another redirect URI"] = static (_, client, page) => client.Browser.SubmitAsync(page, "approve", ("redirect_uri", Web)),
        ["another state"] = static (_, client, page) => client.Browser.SubmitAsync(page, "approve", ("state", "attacker")),
        ["no state"] = static (_, client, page) => client.Browser.SubmitAsync(page, "approve", ("state", null)),
        ["more scopes"] = static (_, client, page) => client.Browser.SubmitAsync(page, "approve", ("scope", "Mcp.Use Admin.All")),
        ["another challenge"] = static (_, client, page) =>
            client.Browser.SubmitAsync(page, "approve", ("code_challenge", new string('a', 43))),
        ["the root of the server as the resource"] = static (server, client, page) =>
            client.Browser.SubmitAsync(page, "approve", ("resource", server.Server.Url.ToString())),
        ["no resource"] = static (_, client, page) => client.Browser.SubmitAsync(page, "approve", ("resource", null)),
        ["a response mode"] = static (_, client, page) => client.Browser.SubmitAsync(page, "approve", ("response_mode", "query")),
        ["a prompt"] = static (_, client, page) => client.Browser.SubmitAsync(page, "approve", ("prompt", "login")),
        ["a malformed ticket"] = static (_, client, page) => client.Browser.SubmitAsync(page, "approve", ("ticket", "%%%")),
        ["a ticket with a changed letter"] = static (_, client, page) =>
            client.Browser.SubmitAsync(page, "approve", ("ticket", AttackedSignIn.Corrupt(page.Fields["ticket"]!))),
        ["a long ticket"] = static (_, client, page) => client.Browser.SubmitAsync(page, "approve", ("ticket", new string('A', 60_000))),
        ["the ticket of another sign-in"] = static async (server, client, page) =>
        {
            var other = await client.Browser.GoAsync(client.AuthorizeUrl(("state", "other")));
            return await client.Browser.SubmitAsync(page, "approve", ("ticket", other.Fields["ticket"]));
        },
        ["the state for Entra ID as the ticket"] = static async (server, client, page) =>
        {
            var callback = await AttackedSignIn.StopAtCallbackAsync(client);
            return await client.Browser.SubmitAsync(page, "approve", ("ticket", AttackedSignIn.ParameterOf(callback, "state")));
        },
        ["the client id as the ticket"] = static (_, client, page) =>
            client.Browser.SubmitAsync(page, "approve", ("ticket", client.ClientId["registration.".Length..])),
    };

    public static TheoryData<string> Attacks => [.. s_attacks.Keys];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Consent_for_another_browser_or_request_is_refused(string attack)
    {
        using var client = await server.RegisterAsync(AuthorizationDriver.Redirect, Web);
        var page = await client.Browser.GoAsync(client.AuthorizeUrl());

        var end = await s_attacks[attack](server, client, page);

        AttackedSignIn.AssertRefused(end);
        Assert.NotNull((await client.Browser.SubmitAsync(page, "approve")).Parameters["code"]);
    }

    [Theory]
    [InlineData("approve")]
    [InlineData("cancel")]
    [InlineData("switch")]
    public async Task Link_with_a_decision_only_shows_the_page(string decision)
    {
        var (client, page) = await server.OpenConsentAsync();
        using var _ = client;

        var end = await client.Browser.GoAsync(new Uri(page.Url + "&decision=" + decision));

        Assert.True(end.HasButton("approve"));
        AttackedSignIn.AssertIsProtected(end);
    }

    [Theory]
    [InlineData("")]
    [InlineData("APPROVE")]
    [InlineData("yes")]
    [InlineData(null)]
    public async Task Unknown_decision_only_shows_the_page(string? decision)
    {
        var (client, page) = await server.OpenConsentAsync();
        using var _ = client;

        var end = await client.Browser.SubmitAsync(page, "approve", ("decision", decision));

        Assert.True(end.HasButton("approve"));
        Assert.Null(end.Redirect);
    }

    [Fact]
    public async Task Form_without_a_ticket_starts_again_at_entra()
    {
        var (client, page) = await server.OpenConsentAsync();
        using var _ = client;

        var end = await client.Browser.SubmitAsync(page, "approve", ("ticket", null));

        Assert.True(end.HasButton("approve"));
        Assert.NotEqual(page.Fields["ticket"], end.Fields["ticket"]);
    }

    [Fact]
    public async Task Used_ticket_is_refused_after_the_client_has_redeemed_the_code()
    {
        var (client, page) = await server.OpenConsentAsync();
        using var _ = client;
        var end = await client.Browser.SubmitAsync(page, "approve");
        var tokens = await client.RedeemAsync(end.Parameters["code"]!);

        AttackedSignIn.AssertRefused(await client.Browser.SubmitAsync(page, "approve"));
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(tokens.RefreshToken)).Status);
    }

    [Fact]
    public async Task Second_code_of_one_ticket_gets_nothing_and_the_first_sign_in_stays()
    {
        var (client, page) = await server.OpenConsentAsync();
        using var _ = client;
        var first = (await client.Browser.SubmitAsync(page, "approve")).Parameters["code"]!;
        var second = (await client.Browser.SubmitAsync(page, "approve")).Parameters["code"]!;

        var tokens = await client.RedeemAsync(first);

        AttackedSignIn.AssertRefused(await client.RedeemAsync(second), "invalid_grant");
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(tokens.RefreshToken)).Status);
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("switch")]
    public async Task Ticket_is_refused_after_another_decision(string decision)
    {
        var (client, page) = await server.OpenConsentAsync();
        using var _ = client;
        client.Browser.StopsBefore = url => url.Port == server.Emulator.Addresses.Entra.Port;
        await client.Browser.SubmitAsync(page, decision);

        AttackedSignIn.AssertRefused(await client.Browser.SubmitAsync(page, "approve"));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1.evil.example")]
    public async Task Form_of_another_site_is_refused(string origin)
    {
        var (client, page) = await server.OpenConsentAsync();
        using var _ = client;
        using var request = new HttpRequestMessage(HttpMethod.Post, page.FormAction)
        {
            Content = new FormUrlEncodedContent(page.Fields.Append(KeyValuePair.Create("decision", (string?)"approve"))
                .Select(static field => KeyValuePair.Create(field.Key, field.Value!))),
            Headers = { { "Origin", origin }, { "Cookie", client.Browser.Cookies.GetCookieHeader(server.Server.Url) } },
        };

        using var response = await server.Server.Client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Null(response.Headers.Location);
    }

    [Fact]
    public async Task Cookie_is_not_readable_by_scripts_and_not_sent_by_other_sites()
    {
        using var client = await server.RegisterAsync();

        using var plain = await client.GetAsync(client.AuthorizeUrl().PathAndQuery);

        var cookie = Assert.Single(plain.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<BrowserPage> InOtherBrowserAsync(AttackedSignIn server, Func<BrowserDriver, Task<BrowserPage>> act)
    {
        using var browser = new BrowserDriver(server.Emulator);
        return await act(browser);
    }

    private static Task<BrowserPage> WithCookieAsync(AttackedSignIn server, BrowserPage page, string value) =>
        InOtherBrowserAsync(server, browser =>
        {
            browser.Cookies.Add(server.Server.Url, new Cookie("remote-mcp-sign-in", value));
            return browser.SubmitAsync(page, "approve");
        });
}
