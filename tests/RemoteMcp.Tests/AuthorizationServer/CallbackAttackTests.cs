using System.Net;
using Xunit;
using static RemoteMcp.Tests.AuthorizationServer.AttackedSignIn;
using static RemoteMcp.Tests.AuthorizationServer.BrowserDriver;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>Tests attacks on the URL to which Entra ID redirects the browser: login CSRF, replay, and forged errors.</summary>
public sealed class CallbackAttackTests(AttackedSignIn server) : IClassFixture<AttackedSignIn>
{
    private const string Markup = "<script>alert(1)</script><img src=x onerror=alert(1)>";

    private static readonly Dictionary<string, Func<AttackedSignIn, AuthorizationDriver, Uri, Task<BrowserPage>>> s_attacks = new()
    {
        ["login CSRF: the attacker's URL in a browser without a sign-in"] = static async (server, _, callback) =>
        {
            using var victim = new BrowserDriver(server.Emulator);
            return await victim.GoAsync(callback);
        },
        ["login CSRF: the attacker's URL in a browser with its own sign-in"] = static async (server, _, callback) =>
        {
            var (victim, _) = await server.StartAsync();
            using (victim)
            {
                return await victim.Browser.GoAsync(callback);
            }
        },
        ["code injection: the attacker's code with the victim's state"] = static async (server, _, callback) =>
        {
            var (victim, own) = await server.StartAsync();
            using (victim)
            {
                return await victim.Browser.GoAsync(Change(own, ("code", ParameterOf(callback, "code"))));
            }
        },
        ["the code of another sign-in in the same browser"] = static async (_, client, callback) =>
            await client.Browser.GoAsync(Change(callback, ("code", ParameterOf(await StopAtCallbackAsync(client), "code")))),
        ["no state"] = static (_, client, callback) => client.Browser.GoAsync(Change(callback, ("state", null))),
        ["an empty state"] = static (_, client, callback) => client.Browser.GoAsync(Change(callback, ("state", ""))),
        ["a malformed state"] = static (_, client, callback) => client.Browser.GoAsync(Change(callback, ("state", "%%%"))),
        ["a state with a changed letter"] = static (_, client, callback) =>
            client.Browser.GoAsync(Change(callback, ("state", Corrupt(ParameterOf(callback, "state"))))),
        ["the state twice"] = static (_, client, callback) =>
            client.Browser.GoAsync(new Uri($"{callback}&state={ParameterOf(callback, "state")}")),
        ["the code twice"] = static (_, client, callback) => client.Browser.GoAsync(new Uri($"{callback}&code=other")),
        ["no code"] = static (_, client, callback) => client.Browser.GoAsync(Change(callback, ("code", null))),
        ["an empty code"] = static (_, client, callback) => client.Browser.GoAsync(Change(callback, ("code", ""))),
        ["an unknown code"] = static (_, client, callback) => client.Browser.GoAsync(Change(callback, ("code", "1.unknown"))),
        ["markup as the code"] = static (_, client, callback) => client.Browser.GoAsync(Change(callback, ("code", Markup))),
        ["a code that is too long"] = static (_, client, callback) =>
            client.Browser.GoAsync(Change(callback, ("code", new string('a', 4100)))),
        ["an error with markup"] = static (_, client, callback) =>
            client.Browser.GoAsync(Change(callback, ("code", null), ("error", Markup), ("error_description", Markup))),
        ["an error number with markup"] = static (_, client, callback) => client.Browser.GoAsync(
            Change(callback, ("code", null), ("error", "access_denied"), ("error_description", "AADSTS50105" + Markup))),
        ["an error page with instructions"] = static (_, client, callback) => client.Browser.GoAsync(Change(
            callback, ("code", null), ("error", "server_error"), ("error_description", "Call evil.example AADSTS99999999999999"))),
        ["a replay of the state after its use"] = static async (_, client, callback) =>
        {
            Assert.True((await client.Browser.GoAsync(callback)).HasButton("approve"));
            return await client.Browser.GoAsync(callback);
        },
        ["a ticket as the state"] = static async (_, client, callback) =>
        {
            var page = await client.Browser.GoAsync(client.AuthorizeUrl());
            return await client.Browser.GoAsync(Change(callback, ("state", page.Fields["ticket"])));
        },
    };

    public static TheoryData<string> Attacks => [.. s_attacks.Keys];

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Return_from_entra_is_refused(string attack)
    {
        var (client, callback) = await server.StartAsync();
        using var _ = client;

        var page = await s_attacks[attack](server, client, callback);

        AssertRefused(page);
        Assert.DoesNotContain("<script", page.Html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page.Html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("evil.example", page.Html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("AADSTS9999999999", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task State_is_bound_to_the_server_that_sealed_it()
    {
        var (client, callback) = await server.StartAsync();
        using var _ = client;
        await using var other = await server.StartServerAsync(new Dictionary<string, string?>());
        var elsewhere = new UriBuilder(callback) { Port = other.Url.Port }.Uri;

        AssertRefused(await client.Browser.GoAsync(elsewhere));
        Assert.Equal(HttpStatusCode.OK, (await client.Browser.GoAsync(callback)).Status);
    }
}
