using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Auth;

/// <summary>
/// Tests the public view of the resource: behind a gateway, with a custom domain, for pages in a browser, and for several tenants.
/// </summary>
public sealed class PublicResourceTests : EmulatedSignIn
{
    [Theory]
    [InlineData(
        "https://contoso-mcp.azurewebsites.net",
        "https://contoso-mcp.azurewebsites.net/mcp",
        "https://contoso-mcp.azurewebsites.net/.well-known/oauth-protected-resource/mcp")]
    [InlineData(
        "https://tools.contoso.com", "https://tools.contoso.com/mcp", "https://tools.contoso.com/.well-known/oauth-protected-resource/mcp")]
    [InlineData(
        "https://gateway.contoso.com/team",
        "https://gateway.contoso.com/team/mcp",
        "https://gateway.contoso.com/team/.well-known/oauth-protected-resource/mcp")]
    public async Task Challenge_and_metadata_contain_the_public_URL(string publicUrl, string resource, string metadataUrl)
    {
        await using var server = await StartServerAsync(
            new Dictionary<string, string?> { ["RemoteMcp:PublicUrl"] = publicUrl, ["RemoteMcp:Http:AllowedHosts:0"] = "127.0.0.1" });

        using var refused = await server.Client.SendAsync(Messages.PostStateless(Messages.StatelessListTools), Cancelled);
        var metadata = await server.Client.GetFromJsonAsync<JsonElement>("/.well-known/oauth-protected-resource/mcp", Cancelled);

        Assert.Contains(
            $"resource_metadata=\"{metadataUrl}\"", Assert.Single(refused.Headers.GetValues("WWW-Authenticate")), StringComparison.Ordinal);
        Assert.Equal(resource, metadata.GetProperty("resource").GetString());
    }

    [Fact]
    public async Task Custom_identifier_URI_qualifies_scopes_and_is_a_valid_audience()
    {
        const string resource = "https://tools.contoso.com/mcp";
        await using var server = await StartServerAsync(new Dictionary<string, string?>
        {
            ["RemoteMcp:PublicUrl"] = "https://tools.contoso.com",
            ["RemoteMcp:Auth:Audiences:0"] = resource,
            ["RemoteMcp:Http:AllowedHosts:0"] = "127.0.0.1",
        });

        using var refused = await server.Client.SendAsync(Messages.PostStateless(Messages.StatelessListTools), Cancelled);
        using var allowed = await server.Client.SendAsync(WithToken(Token(("aud", resource))), Cancelled);

        Assert.Contains(
            $"scope=\"{resource}/Mcp.Use\"", Assert.Single(refused.Headers.GetValues("WWW-Authenticate")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
    }

    [Fact]
    public async Task A_page_of_an_allowed_origin_may_read_the_challenge()
    {
        await using var server = await StartServerAsync(
            new Dictionary<string, string?> { ["RemoteMcp:Http:AllowedOrigins:0"] = "https://inspector.contoso.com" });
        using var request = Messages.PostStateless(Messages.StatelessListTools);
        request.Headers.Add("Origin", "https://inspector.contoso.com");

        using var response = await server.Client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("https://inspector.contoso.com", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        var exposed = string.Join(',', response.Headers.GetValues("Access-Control-Expose-Headers"));
        Assert.All(
            ["WWW-Authenticate", "Mcp-Session-Id", "MCP-Protocol-Version"],
            header => Assert.Contains(header, exposed, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_preflight_needs_no_token()
    {
        await using var server = await StartServerAsync(
            new Dictionary<string, string?> { ["RemoteMcp:Http:AllowedOrigins:0"] = "https://inspector.contoso.com" });
        using var request = new HttpRequestMessage(HttpMethod.Options, "/mcp")
        {
            Headers =
            {
                { "Origin", "https://inspector.contoso.com" },
                { "Access-Control-Request-Method", "POST" },
                { "Access-Control-Request-Headers", "authorization,mcp-protocol-version" },
            },
        };

        using var response = await server.Client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Contains(
            "authorization",
            string.Join(',', response.Headers.GetValues("Access-Control-Allow-Headers")),
            StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Only_listed_tenants_may_call_a_multitenant_server()
    {
        await using var server = await StartServerAsync(new Dictionary<string, string?>
        {
            ["RemoteMcp:Auth:TenantId"] = "organizations",
            ["RemoteMcp:Auth:AllowedTenants:0"] = SampleDirectory.FabrikamId,
        });
        var fabrikam = Emulator.Tokens.AccessToken(
            new(Sample.Fabrikam, Sample.DesktopClient, Sample.Server) { User = Sample.Fabrikam.Users[0], Scopes = ["Mcp.Use"] });

        using var allowed = await server.Client.SendAsync(WithToken(fabrikam), Cancelled);
        using var refused = await server.Client.SendAsync(WithToken(Token()), Cancelled);

        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task Only_listed_client_apps_may_call()
    {
        await using var server = await StartServerAsync(
            new Dictionary<string, string?> { ["RemoteMcp:Auth:AllowedClients:0"] = SampleDirectory.BrowserClientId });

        using var allowed = await server.Client.SendAsync(WithToken(Token(("azp", SampleDirectory.BrowserClientId))), Cancelled);
        using var refused = await server.Client.SendAsync(WithToken(Token()), Cancelled);

        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private static HttpRequestMessage WithToken(string token) => Messages.PostStateless(Messages.StatelessListTools).WithToken(token);
}
