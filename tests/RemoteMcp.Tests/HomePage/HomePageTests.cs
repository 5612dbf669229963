using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;
using RemoteMcp.Clients;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.HomePage;

/// <summary>Tests the content and the headers of the page.</summary>
public sealed class HomePageTests
{
    private const int MaxPageBytes = 100 * 1024;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_client_has_its_exact_configuration_command_and_install_link()
    {
        await using var host = await TestServerHost.StartAsync();

        var html = await host.Client.GetStringAsync("/", Cancelled);

        var entry = new HttpServerEntry("remote-mcp", new Uri(host.Url, "/mcp"));
        Assert.Equal(entry.Url.AbsoluteUri, HtmlText.TextOf(html, "endpoint-url"));
        Assert.All(ClientCatalog.All, client =>
        {
            Assert.Equal(client.DisplayName, HtmlText.TextOf(html, $"{client.Id}-name"));
            Assert.Equal(client.Snippet(entry), HtmlText.TextOf(html, $"{client.Id}-configuration"));
            Assert.Equal(client.CommandLine(entry) ?? "", HtmlText.TextOf(html, $"{client.Id}-command"));
        });
        Assert.Equal(ClientCatalog.All.Select(client => client.InstallLink(entry)).OfType<string>(), HtmlText.Attributes(html, "href").Skip(1));
    }

    [Theory]
    [InlineData("https://tools.contoso.com", "/", "https://tools.contoso.com/mcp", "/favicon.ico")]
    [InlineData("https://gateway.contoso.com/team/tools", "/", "https://gateway.contoso.com/team/tools/mcp", "/team/tools/favicon.ico")]
    [InlineData("https://gateway.contoso.com/team/tools", "/team/tools", "https://gateway.contoso.com/team/tools/mcp", "/team/tools/favicon.ico")]
    [InlineData("https://gateway.contoso.com/team/tools", "/team/tools/", "https://gateway.contoso.com/team/tools/mcp", "/team/tools/favicon.ico")]
    [InlineData("https://gateway.contoso.com/the%20team", "/", "https://gateway.contoso.com/the%20team/mcp", "/the%20team/favicon.ico")]
    public async Task Behind_a_gateway_everything_names_the_public_url(string publicUrl, string path, string endpoint, string icon)
    {
        await using var host = await TestServerHost.StartAsync(
            new Dictionary<string, string?> { ["RemoteMcp:PublicUrl"] = publicUrl, ["RemoteMcp:Http:AllowedHosts:0"] = "127.0.0.1" });

        var html = await host.Client.GetStringAsync(path, Cancelled);

        var entry = new HttpServerEntry("remote-mcp", new Uri(endpoint));
        Assert.Equal(endpoint, HtmlText.TextOf(html, "endpoint-url"));
        Assert.All(ClientCatalog.All, client => Assert.Equal(client.Snippet(entry), HtmlText.TextOf(html, $"{client.Id}-configuration")));
        Assert.Equal(icon, HtmlText.Attributes(html, "href")[0]);
        Assert.DoesNotContain("127.0.0.1", html);
    }

    [Theory]
    [InlineData("evil.example", 403)]
    [InlineData("localhost.evil.example", 403)]
    [InlineData("localhost:99999", 400)]
    public async Task A_made_up_host_gets_no_page(string hostHeader, int status)
    {
        await using var host = await TestServerHost.StartAsync();

        var response = await RawHttp.SendAsync(host.Url, Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {hostHeader}\r\nConnection: close\r\n\r\n"));

        Assert.Equal(status, response.Status);
        Assert.DoesNotContain(hostHeader, response.Body);
    }

    [Fact]
    public async Task The_policy_allows_the_inline_style_and_script_that_are_sent_and_nothing_else()
    {
        await using var host = await TestServerHost.StartAsync();

        using var response = await host.Client.GetAsync("/", Cancelled);

        var html = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.Equal(
            ["default-src 'none'", $"style-src {Hash(html, "style")}", $"script-src {Hash(html, "script")}", "img-src 'self'", "require-trusted-types-for 'script'",
                "trusted-types 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
            Header(response, "Content-Security-Policy").Split("; "));
        Assert.Empty(HtmlText.Attributes(html, "style"));
        Assert.Empty(HtmlText.Attributes(html, "on[a-z]+"));
        Assert.Empty(HtmlText.Attributes(html, "src"));
    }

    [Theory]
    [InlineData("/", "text/html; charset=utf-8")]
    [InlineData("/favicon.ico", "image/svg+xml")]
    [InlineData("/robots.txt", "text/plain; charset=utf-8")]
    public async Task What_browsers_fetch_is_hardened_cacheable_and_answers_HEAD(string path, string contentType)
    {
        await using var host = await TestServerHost.StartAsync();
        using var response = await host.Client.GetAsync(path, Cancelled);
        using var head = await host.Client.SendAsync(new(HttpMethod.Head, path), Cancelled);
        using var again = await host.Client.SendAsync(new(HttpMethod.Get, path) { Headers = { IfNoneMatch = { response.Headers.ETag! } } }, Cancelled);

        Assert.Equal(contentType, response.Content.Headers.ContentType!.ToString());
        Assert.StartsWith("default-src 'none'; ", Header(response, "Content-Security-Policy"));
        Assert.EndsWith("frame-ancestors 'none'", Header(response, "Content-Security-Policy"));
        Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header(response, "Referrer-Policy"));
        Assert.Equal("same-origin", Header(response, "Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", Header(response, "Cross-Origin-Resource-Policy"));
        Assert.Contains("geolocation=()", Header(response, "Permissions-Policy"));
        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(response.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancelled));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task Search_engines_are_told_to_stay_away()
    {
        await using var host = await TestServerHost.StartAsync();

        Assert.Equal("User-agent: *\nDisallow: /\n", await host.Client.GetStringAsync("/robots.txt", Cancelled));
    }

    [Fact]
    public async Task Whatever_the_team_writes_the_page_stays_below_100_KB()
    {
        var settings = new Dictionary<string, string?> { ["RemoteMcp:Name"] = new('\u4e2d', 64), ["RemoteMcp:Instructions"] = new('\u4e2d', 4000) };
        await using var host = await TestServerHost.StartAsync(settings, configure: server => server.WithTools(Enumerable.Range(0, 500).Select(static number =>
            McpServerTool.Create(() => "", new()
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"tool_{number}"),
                Title = new('\u4e2d', 500),
                Description = new('\u4e2d', 20_000),
            }))));

        var html = await host.Client.GetStringAsync("/", Cancelled);

        Assert.InRange(Encoding.UTF8.GetByteCount(html), 1, MaxPageBytes);
        Assert.Matches("And 4[0-9]{2} more, which your client lists", html);
    }

    [Fact]
    public async Task Without_the_page_the_root_is_not_found_and_says_where_the_endpoint_is()
    {
        await using var host = await TestServerHost.StartAsync(new Dictionary<string, string?> { ["RemoteMcp:HomePage:Enabled"] = "false" });

        using var response = await host.Client.GetAsync("/", Cancelled);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("/mcp", await response.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task A_server_without_tools_says_so()
    {
        await using var host = await TestServerHost.StartAsync(configure: static server =>
            server.Services.PostConfigure<McpServerOptions>(static mcp => mcp.ToolCollection!.Clear()));

        Assert.Contains("There are none yet.", await host.Client.GetStringAsync("/", Cancelled));
    }

    private static string Hash(string html, string element) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(HtmlText.ContentOf(html, element))))}'";

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));
}
