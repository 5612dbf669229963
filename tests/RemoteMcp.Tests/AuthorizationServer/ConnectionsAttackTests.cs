using System.Net;
using System.Text.RegularExpressions;
using Xunit;
using static RemoteMcp.Tests.AuthorizationServer.BrowserDriver;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>Tests that nobody revokes the connections of another person, except an operator.</summary>
public sealed partial class ConnectionsAttackTests(AttackedSignIn server) : IClassFixture<AttackedSignIn>
{
    private const string Cookie = "remote-mcp-connections";

    private static readonly Dictionary<string, Func<AttackedSignIn, AuthorizationDriver, Task>> s_attacks = new()
    {
        ["no cookie"] = static async (server, client) =>
        {
            using var browser = new BrowserDriver(server.Emulator);
            AttackedSignIn.AssertRefused(await RevokeAllAsync(server, browser, await CsrfAsync(server, client.Browser)));
        },
        ["no CSRF token"] = static async (server, client) =>
        {
            await CsrfAsync(server, client.Browser);
            AttackedSignIn.AssertRefused(await client.Browser.PostAsync(PageOf(server), ("action", "revoke-all")));
        },
        ["an empty CSRF token"] = static (server, client) => AttackAsync(server, client, static _ => Task.FromResult("")),
        ["a wrong CSRF token"] = static (server, client) => AttackAsync(server, client, static _ => Task.FromResult(new string('A', 43))),
        ["the CSRF token of another session"] = static (server, client) => AttackAsync(server, client, static async server =>
        {
            using var browser = new BrowserDriver(server.Emulator);
            return await CsrfAsync(server, browser);
        }),
        ["a link"] = static async (server, client) =>
        {
            var csrf = await CsrfAsync(server, client.Browser);
            await client.Browser.GoAsync(new Uri(PageOf(server), "?action=revoke-all&csrf=" + csrf));
        },
        ["another person with the id of the grant"] = static async (server, client) =>
        {
            var page = await client.Browser.GoAsync(PageOf(server));
            var ids = GrantId().Matches(page.Html).Select(static match => match.Groups[1].Value).ToList();
            Assert.NotEmpty(ids);
            using var megan = new BrowserDriver(server.Emulator);
            var csrf = await AsMeganAsync(server, () => CsrfAsync(server, megan));
            foreach (var id in ids)
            {
                await megan.PostAsync(PageOf(server), ("csrf", csrf), ("action", "revoke"), ("id", id));
            }
        },
        ["another person with the id of the user"] = static async (server, client) =>
        {
            using var megan = new BrowserDriver(server.Emulator);
            var csrf = await AsMeganAsync(server, () => CsrfAsync(server, megan));
            var page = await megan.PostAsync(
                PageOf(server), ("csrf", csrf), ("action", "revoke-all"), ("user", server.Sample.Adele.ObjectId));
            Assert.DoesNotContain(server.Sample.Adele.ObjectId, page.Html, StringComparison.Ordinal);
        },
        ["the cookie of the sign-in as the session"] = static async (server, client) =>
            await WithCookieAsync(server, client.Browser.Cookies.GetCookies(server.Server.Url)["remote-mcp-sign-in"]!.Value),
        ["a malformed cookie"] = static (server, _) => WithCookieAsync(server, "%%%.<>"),
        ["a long cookie"] = static (server, _) => WithCookieAsync(server, new string('A', 4000)),
        ["a refresh token as the cookie"] = static async (server, client) =>
            await WithCookieAsync(server, (await client.SignInAsync()).RefreshToken),
        ["a malformed id"] = static async (server, client) =>
        {
            var csrf = await CsrfAsync(server, client.Browser);
            foreach (var id in new[] { "", ".", "a.b", "../..", new string('A', 43) + "." + new string('0', 32), "'; drop table" })
            {
                await client.Browser.PostAsync(PageOf(server), ("csrf", csrf), ("action", "revoke"), ("id", id));
            }
        },
        ["an unknown action"] = static async (server, client) =>
        {
            var csrf = await CsrfAsync(server, client.Browser);
            AttackedSignIn.AssertIsProtected(await client.Browser.PostAsync(PageOf(server), ("csrf", csrf), ("action", "REVOKE-ALL")));
        },
    };

    public static TheoryData<string> Attacks => [.. s_attacks.Keys];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Connection_stays(string attack)
    {
        using var client = await server.RegisterAsync();
        var tokens = await client.SignInAsync();

        await s_attacks[attack](server, client);

        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(tokens.RefreshToken)).Status);
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=x", 10)]
    [InlineData("multipart/form-data", 10)]
    [InlineData("application/json", 10)]
    [InlineData("text/plain", 10)]
    [InlineData("application/x-www-form-urlencodedx", 10)]
    [InlineData("application/x-www-form-urlencoded;;=", 10)]
    [InlineData("", 10)]
    [InlineData("application/x-www-form-urlencoded", 5000)]
    [InlineData("application/x-www-form-urlencoded", 4000)]
    public async Task Body_that_is_not_a_small_form_is_refused(string type, int length)
    {
        using var response = await server.PostAsync(
            "/oauth/connections", string.Concat(Enumerable.Repeat("a&", length / 2)), type);

        await AttackedSignIn.AssertRefusedAsync(response);
    }

    [Fact]
    public async Task Body_without_a_length_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth/connections")
        {
            Content = new FormUrlEncodedContent([new("action", "revoke-all")]),
            Headers = { TransferEncodingChunked = true },
        };

        using var response = await server.SendAsync(request);

        await AttackedSignIn.AssertRefusedAsync(response);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    public async Task Form_of_another_site_is_refused(string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth/connections")
        {
            Content = new FormUrlEncodedContent([new("action", "revoke-all")]),
            Headers = { { "Origin", origin } },
        };

        using var response = await server.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Operator_revokes_the_connections_of_a_user_and_nobody_frames_the_page()
    {
        server.Sample.Server.Assignments[server.Sample.Megan.ObjectId] = new HashSet<string> { "Mcp.Admin" };
        try
        {
            using var client = await server.RegisterAsync();
            var tokens = await client.SignInAsync();
            using var megan = new BrowserDriver(server.Emulator);
            var csrf = await AsMeganAsync(server, () => CsrfAsync(server, megan));

            var page = await megan.PostAsync(
                PageOf(server), ("csrf", csrf), ("action", "revoke-all"), ("user", server.Sample.Adele.ObjectId));

            Assert.Equal(HttpStatusCode.OK, page.Status);
            AttackedSignIn.AssertIsProtected(page);
            AttackedSignIn.AssertRefused(await client.RefreshAsync(tokens.RefreshToken), "invalid_grant");
        }
        finally
        {
            server.Sample.Server.Assignments.Remove(server.Sample.Megan.ObjectId);
        }
    }

    private static Uri PageOf(AttackedSignIn server) => new(server.Server.Url, "/oauth/connections");

    private static async Task<string> CsrfAsync(AttackedSignIn server, BrowserDriver browser)
    {
        var page = await browser.GoAsync(PageOf(server));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        // The page of a person without connections has no form.
        return Csrf().Match(page.Html) is { Success: true } match ? match.Groups[1].Value : "";
    }

    private static async Task AttackAsync(
        AttackedSignIn server, AuthorizationDriver client, Func<AttackedSignIn, Task<string>> findToken)
    {
        await CsrfAsync(server, client.Browser);
        AttackedSignIn.AssertRefused(await RevokeAllAsync(server, client.Browser, await findToken(server)));
    }

    private static Task<BrowserPage> RevokeAllAsync(AttackedSignIn server, BrowserDriver browser, string csrf) =>
        browser.PostAsync(PageOf(server), ("csrf", csrf), ("action", "revoke-all"));

    private static async Task WithCookieAsync(AttackedSignIn server, string value)
    {
        using var browser = new BrowserDriver(server.Emulator);
        browser.Cookies.Add(server.Server.Url, new Cookie(Cookie, value));
        AttackedSignIn.AssertRefused(await RevokeAllAsync(server, browser, ""));
    }

    private static async Task<string> AsMeganAsync(AttackedSignIn server, Func<Task<string>> act)
    {
        server.Emulator.DefaultUser = server.Sample.Megan.PrincipalName;
        try
        {
            // A connection of her own, so that the page has a form.
            using var client = await server.RegisterAsync();
            await client.SignInAsync();
            return await act();
        }
        finally
        {
            server.Emulator.DefaultUser = null;
        }
    }

    [GeneratedRegex("name=\"csrf\" value=\"([^\"]*)\"")]
    private static partial Regex Csrf();

    [GeneratedRegex("name=\"id\" value=\"([^\"]*)\"")]
    private static partial Regex GrantId();
}
