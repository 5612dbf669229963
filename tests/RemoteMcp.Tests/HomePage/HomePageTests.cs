using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;
using RemoteMcp.Clients;
using RemoteMcp.Testing.Http;
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
        Assert.Equal(
            ClientCatalog.All.Select(client => client.InstallLink(entry)).OfType<string>(), HtmlText.Attributes(html, "href").Skip(1));
    }

    [Theory]
    [InlineData("https://tools.contoso.com", "/", "https://tools.contoso.com/mcp", "/favicon.ico")]
    [InlineData("https://gateway.contoso.com/team/tools", "/", "https://gateway.contoso.com/team/tools/mcp", "/team/tools/favicon.ico")]
    [InlineData(
        "https://gateway.contoso.com/team/tools", "/team/tools", "https://gateway.contoso.com/team/tools/mcp", "/team/tools/favicon.ico")]
    [InlineData(
        "https://gateway.contoso.com/team/tools", "/team/tools/", "https://gateway.contoso.com/team/tools/mcp", "/team/tools/favicon.ico")]
    [InlineData("https://gateway.contoso.com/the%20team", "/", "https://gateway.contoso.com/the%20team/mcp", "/the%20team/favicon.ico")]
    public async Task Page_behind_a_gateway_uses_the_public_URL(string publicUrl, string path, string endpoint, string icon)
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
    public async Task Invalid_host_header_gets_no_page(string hostHeader, int status)
    {
        await using var host = await TestServerHost.StartAsync();

        var response = await RawHttp.SendAsync(
            host.Url, Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {hostHeader}\r\nConnection: close\r\n\r\n"));

        Assert.Equal(status, response.Status);
        Assert.DoesNotContain(hostHeader, response.Body);
    }

    [Fact]
    public async Task Security_policy_allows_only_the_inline_style_and_script_of_the_page()
    {
        await using var host = await TestServerHost.StartAsync();

        using var response = await host.Client.GetAsync("/", Cancelled);

        var html = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.Equal(
            [
                "default-src 'none'", $"style-src {Hash(html, "style")}", $"script-src {Hash(html, "script")}", "img-src 'self'",
                "require-trusted-types-for 'script'", "trusted-types 'none'", "base-uri 'none'", "form-action 'none'",
                "frame-ancestors 'none'",
            ],
            Header(response, "Content-Security-Policy").Split("; "));
        Assert.Empty(HtmlText.Attributes(html, "style"));
        Assert.Empty(HtmlText.Attributes(html, "on[a-z]+"));
        Assert.Empty(HtmlText.Attributes(html, "src"));
    }

    [Theory]
    [InlineData("/", "text/html; charset=utf-8")]
    [InlineData("/favicon.ico", "image/svg+xml")]
    [InlineData("/robots.txt", "text/plain; charset=utf-8")]
    public async Task Browser_files_have_security_headers_and_support_caching_and_HEAD(string path, string contentType)
    {
        await using var host = await TestServerHost.StartAsync();
        using var response = await host.Client.GetAsync(path, Cancelled);
        using var head = await host.Client.SendAsync(new(HttpMethod.Head, path), Cancelled);
        using var again = await host.Client.SendAsync(
            new(HttpMethod.Get, path) { Headers = { IfNoneMatch = { response.Headers.ETag! } } }, Cancelled);

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
    public async Task Robots_file_disallows_every_page()
    {
        await using var host = await TestServerHost.StartAsync();

        Assert.Equal("User-agent: *\nDisallow: /\n", await host.Client.GetStringAsync("/robots.txt", Cancelled));
    }

    [Fact]
    public async Task Page_with_long_texts_stays_below_100_KB()
    {
        var settings = new Dictionary<string, string?>
        {
            ["RemoteMcp:Name"] = new('\u4e2d', 64),
            ["RemoteMcp:Instructions"] = new('\u4e2d', 4000),
        };
        var tools = Enumerable.Range(0, 500).Select(static number =>
            McpServerTool.Create(() => "", new()
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"tool_{number}"),
                Title = new('\u4e2d', 500),
                Description = new('\u4e2d', 20_000),
            }));
        await using var host = await TestServerHost.StartAsync(settings, configure: server => server.WithTools(tools));

        var html = await host.Client.GetStringAsync("/", Cancelled);

        Assert.InRange(Encoding.UTF8.GetByteCount(html), 1, MaxPageBytes);
        Assert.Matches(@"And 4[0-9]{2} more\. Your client lists", html);
    }

    [Fact]
    public async Task Root_without_the_page_gets_404_with_the_endpoint()
    {
        await using var host = await TestServerHost.StartAsync(
            new Dictionary<string, string?> { ["RemoteMcp:HomePage:Enabled"] = "false" });

        using var response = await host.Client.GetAsync("/", Cancelled);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("/mcp", await response.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task Page_of_a_server_without_tools_says_so()
    {
        await using var host = await TestServerHost.StartAsync(configure: static server =>
            server.Services.PostConfigure<McpServerOptions>(static mcp => mcp.ToolCollection!.Clear()));

        Assert.Contains("This server has no tools yet.", await host.Client.GetStringAsync("/", Cancelled));
    }

    private static string Hash(string html, string element) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(HtmlText.ContentOf(html, element))))}'";

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));
}
