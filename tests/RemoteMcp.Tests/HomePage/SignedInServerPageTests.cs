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
        ["RemoteMcp:Instructions"] = "UserPrompts about the merger.",
        ["RemoteMcp:Auth:AllowedClients:0"] = SampleDirectory.BrowserClientId,
    };

    [Fact]
    public async Task Nobody_learns_of_the_tools_without_signing_in()
    {
        var html = await Server.Client.GetStringAsync("/", Cancelled);

        Assert.Contains("is for those who sign in", html);
        Assert.All(["echo", "Answers with the text.", "UserPrompts about the merger.", SampleDirectory.BrowserClientId], secret => Assert.DoesNotContain(secret, html));
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
        await using var server = await StartServerAsync(
            new Dictionary<string, string?> { ["RemoteMcp:HomePage:ShowTools"] = "true", ["RemoteMcp:Instructions"] = "UserPrompts about the weather." });

        var html = await server.Client.GetStringAsync("/", Cancelled);

        Assert.All(["echo", "Answers with the text.", "UserPrompts about the weather."], text => Assert.Contains(text, html));
    }

    [Fact]
    public async Task A_server_without_sign_in_may_hide_them()
    {
        await using var server = await TestServerHost.StartAsync(new Dictionary<string, string?> { ["RemoteMcp:HomePage:ShowTools"] = "false" });

        var html = await server.Client.GetStringAsync("/", Cancelled);

        Assert.DoesNotContain("Answers with the text.", html);
        Assert.Contains("no sign-in", html);
    }

    [Fact]
    public async Task The_page_tells_which_tenant_signs_in_and_with_which_scopes()
    {
        var html = await Server.Client.GetStringAsync("/", Cancelled);

        Assert.Contains($"the tenant <code>{SampleDirectory.ContosoId}</code>", html);
        Assert.Contains($"<code>{Emulator.Addresses.Entra.ToString().TrimEnd('/')}/{SampleDirectory.ContosoId}/v2.0</code>", html);
        Assert.Contains($"<code>{SampleDirectory.ServerUri}/Mcp.Use</code>", html);
    }

    [Fact]
    public async Task Of_several_tenants_none_is_named()
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

        Assert.Contains("an organization that this server admits", html);
        Assert.DoesNotContain(SampleDirectory.FabrikamId, html);
    }

    [Fact]
    public async Task Programs_are_told_where_the_metadata_is()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Accept = { new("application/json") } } };

        using var response = await SendAsync(request);

        var metadata = new Uri(Server.Url, "/.well-known/oauth-protected-resource/mcp");
        Assert.Contains($"\"resource_metadata\":\"{metadata}\"", await response.Content.ReadAsStringAsync(Cancelled));
    }
}
