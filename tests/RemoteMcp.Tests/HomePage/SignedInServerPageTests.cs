using RemoteMcp.Emulators.Directories;
using RemoteMcp.Tests.Auth;
using RemoteMcp.Tests.Emulators;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.HomePage;

/// <summary>Tests the page of a server with sign-in, as anyone on the internet sees it.</summary>
public sealed class SignedInServerPageTests : EmulatedSignIn
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["RemoteMcp:Instructions"] = "Questions about the merger.",
        ["RemoteMcp:Auth:AllowedClients:0"] = SampleDirectory.BrowserClientId,
    };

    [Fact]
    public async Task Page_with_sign_in_hides_the_tools()
    {
        var html = await Server.Client.GetStringAsync("/", Cancelled);

        Assert.Contains("You must sign in to see the tools", html);
        Assert.All(
            ["echo", "Answers with the text.", "Questions about the merger.", SampleDirectory.BrowserClientId],
            secret => Assert.DoesNotContain(secret, html));
    }

    [Fact]
    public async Task A_token_in_the_request_changes_nothing()
    {
        var html = await Server.Client.GetStringAsync("/", Cancelled);
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, "/"), Token());

        Assert.Equal(html, await response.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task An_operator_may_show_the_tools()
    {
        await using var server = await StartServerAsync(new Dictionary<string, string?>
        {
            ["RemoteMcp:HomePage:ShowTools"] = "true",
            ["RemoteMcp:Instructions"] = "Questions about the weather.",
        });

        var html = await server.Client.GetStringAsync("/", Cancelled);

        Assert.All(["echo", "Answers with the text.", "Questions about the weather."], text => Assert.Contains(text, html));
    }

    [Fact]
    public async Task A_server_without_sign_in_may_hide_the_tools()
    {
        await using var server = await TestServerHost.StartAsync(
            new Dictionary<string, string?> { ["RemoteMcp:HomePage:ShowTools"] = "false" });

        var html = await server.Client.GetStringAsync("/", Cancelled);

        Assert.DoesNotContain("Answers with the text.", html);
        Assert.Contains("no sign-in", html);
    }

    [Fact]
    public async Task Page_shows_the_tenant_and_the_scope_of_the_sign_in()
    {
        var html = await Server.Client.GetStringAsync("/", Cancelled);

        Assert.Contains($"the tenant <code>{SampleDirectory.ContosoId}</code>", html);
        Assert.Contains($"<code>{Emulator.Addresses.Entra.ToString().TrimEnd('/')}/{SampleDirectory.ContosoId}/v2.0</code>", html);
        Assert.Contains($"<code>{SampleDirectory.ServerUri}/Mcp.Use</code>", html);
    }

    [Fact]
    public async Task Page_for_several_tenants_names_none_of_them()
    {
        await using var server = await TestServerHost.StartAsync(
            new Dictionary<string, string?>
            {
                ["RemoteMcp:Auth:Mode"] = "Entra",
                ["RemoteMcp:Auth:Instance"] = Emulator.Addresses.Entra.ToString(),
                ["RemoteMcp:Auth:TenantId"] = "organizations",
                ["RemoteMcp:Auth:AllowedTenants:0"] = SampleDirectory.FabrikamId,
                ["RemoteMcp:Auth:ClientId"] = SampleDirectory.ServerId,
            },
            configure: server => server.Services.TrustEmulator(Emulator));

        var html = await server.Client.GetStringAsync("/", Cancelled);

        Assert.Contains("an organization that this server allows", html);
        Assert.DoesNotContain(SampleDirectory.FabrikamId, html);
    }

    [Fact]
    public async Task Programs_get_the_URL_of_the_resource_metadata()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Accept = { new("application/json") } } };

        using var response = await SendAsync(request);

        var metadata = new Uri(Server.Url, "/.well-known/oauth-protected-resource/mcp");
        Assert.Contains($"\"resource_metadata\":\"{metadata}\"", await response.Content.ReadAsStringAsync(Cancelled));
    }
}
