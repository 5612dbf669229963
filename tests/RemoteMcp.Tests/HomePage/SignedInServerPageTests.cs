using System.Net;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Tests.AuthorizationServer;
using RemoteMcp.Tests.Emulators;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.HomePage;

/// <summary>Tests the page of a server with sign-in, as anyone on the internet sees it.</summary>
public sealed class SignedInServerPageTests : SignInServer
{
    private static readonly string[] s_namesOfClientIds =
        ["client id", "client-id", "client_id", "clientid", "static-oauth", "--header", "registered", "registration"];

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
    public async Task Page_says_that_the_URL_is_enough_and_links_to_what_people_allowed()
    {
        var html = await Server.Client.GetStringAsync("/", Cancelled);

        Assert.Contains("Paste the URL of this server into your client", html);
        Assert.Contains("<a href=\"/oauth/connections\">See and revoke what you allowed</a>", html);
        using var connections = await Server.Client.GetAsync("/oauth/connections", Cancelled);
        Assert.Equal(HttpStatusCode.Redirect, connections.StatusCode);
        Assert.All(s_namesOfClientIds, name => Assert.DoesNotContain(name, html, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Link_to_what_people_allowed_has_the_path_of_the_public_URL()
    {
        await using var server = await StartServerAsync(new Dictionary<string, string?>
        {
            ["RemoteMcp:PublicUrl"] = "https://gateway.contoso.com/team",
            ["RemoteMcp:Http:AllowedHosts:0"] = "127.0.0.1",
        });

        Assert.Contains("<a href=\"/team/oauth/connections\">", await server.Client.GetStringAsync("/", Cancelled));
    }

    [Fact]
    public async Task Page_of_a_server_without_its_own_sign_in_says_who_has_a_client_id()
    {
        await using var server = await StartServerAsync(new Dictionary<string, string?> { ["RemoteMcp:Auth:SignIn"] = "Direct" });

        var html = await server.Client.GetStringAsync("/", Cancelled);

        Assert.Contains("ask the people who run this server for a", html);
        Assert.DoesNotContain("/oauth/connections", html);
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
