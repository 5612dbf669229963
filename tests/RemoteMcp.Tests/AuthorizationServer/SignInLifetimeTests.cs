using System.Net;
using RemoteMcp.Emulators;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>Tests the time limits of codes, tickets, states, and the session of the page with the connections.</summary>
public sealed class SignInLifetimeTests : SignInServer
{
    private readonly EmulatorClock _clock = new(TimeProvider.System);

    protected override TimeProvider Time => _clock;

    [Fact]
    public async Task Code_expires_after_a_minute()
    {
        using var client = await Client().RegisterAsync();
        var code = (await client.AuthorizeAsync())["code"];

        _clock.Advance(TimeSpan.FromSeconds(62));

        AttackedSignIn.AssertRefused(await client.RedeemAsync(code), "invalid_grant");
        Assert.Equal(HttpStatusCode.OK, (await client.SignInAsync()).Status);
    }

    [Fact]
    public async Task Ticket_expires_after_10_minutes()
    {
        using var client = await Client().RegisterAsync();
        var page = await client.Browser.GoAsync(client.AuthorizeUrl());

        _clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));

        AttackedSignIn.AssertRefused(await client.Browser.SubmitAsync(page, "approve"));
        AttackedSignIn.AssertRefused(await client.Browser.GoAsync(page.Url));
    }

    [Fact]
    public async Task State_expires_after_15_minutes()
    {
        using var client = await Client().RegisterAsync();
        var callback = await AttackedSignIn.StopAtCallbackAsync(client);

        _clock.Advance(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(1));

        AttackedSignIn.AssertRefused(await client.Browser.GoAsync(callback));
    }

    [Fact]
    public async Task Session_of_the_page_with_the_connections_expires_after_15_minutes()
    {
        using var client = await Client().RegisterAsync();
        await client.SignInAsync();
        var url = new Uri(Server.Url, "/oauth/connections");
        await client.Browser.GoAsync(url);

        _clock.Advance(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(1));
        var page = await client.Browser.GoAsync(url);

        // The browser passed Entra ID again.
        Assert.Contains(page.Visited, static visited => visited.AbsolutePath == "/oauth/callback");
    }
}
