using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;
using RemoteMcp.Http;
using Xunit;

namespace RemoteMcp.Tests.Http;

public sealed class AllowedOriginsTests
{
    private const string PublicUrl = "https://tools.contoso.com/team";

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("localhost:7071", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("127.0.0.1:1", true)]
    [InlineData("[::1]:7071", true)]
    [InlineData("tools.contoso.com", false)]
    [InlineData("localhost.", false)]
    [InlineData("", false)]
    public void Local_server_accepts_only_loopback_hosts(string host, bool allowed) =>
        Assert.Equal(allowed, Create().IsAllowedHost(new HostString(host)));

    [Theory]
    [InlineData("tools.contoso.com", true)]
    [InlineData("TOOLS.contoso.com:443", true)]
    [InlineData("localhost", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("contoso.com", false)]
    [InlineData("x.tools.contoso.com", false)]
    public void Server_with_a_public_URL_accepts_only_its_host(string host, bool allowed) =>
        Assert.Equal(allowed, Create(PublicUrl).IsAllowedHost(new HostString(host)));

    [Theory]
    [InlineData("https://tools.contoso.com", true)]
    [InlineData("http://tools.contoso.com", false)]
    [InlineData("https://tools.contoso.com:8443", false)]
    [InlineData("https://tools.contoso.com/", false)]
    [InlineData("https://tools.contoso.com.evil.com", false)]
    [InlineData("http://localhost:6274", false)]
    public void Server_with_a_public_URL_accepts_only_pages_of_its_origin(string origin, bool allowed) =>
        Assert.Equal(allowed, Create(PublicUrl).IsAllowedOrigin(origin));

    [Theory]
    [InlineData("http://localhost", true)]
    [InlineData("http://localhost:6274", true)]
    [InlineData("https://127.0.0.1:6274", true)]
    [InlineData("http://[::1]", true)]
    [InlineData("vscode-webview://localhost", false)]
    public void Loopback_public_URL_accepts_only_pages_of_this_machine(string origin, bool allowed) =>
        Assert.Equal(allowed, Create("http://localhost:7071").IsAllowedOrigin(origin));

    [Fact]
    public void Public_URL_with_non_ASCII_letters_matches_browser_headers()
    {
        var allowed = Create("https://werkzeuge.büro.example");

        Assert.True(allowed.IsAllowedHost(new HostString("werkzeuge.xn--bro-hoa.example")));
        Assert.True(allowed.IsAllowedOrigin("https://werkzeuge.xn--bro-hoa.example"));
    }

    [Fact]
    public void The_operator_adds_hosts_and_origins_to_the_defaults()
    {
        var allowed = Create(PublicUrl, static http =>
        {
            http.AllowedHosts.Add("internal.contoso.com");
            http.AllowedHosts.Add("[fe80::1]");
            http.AllowedOrigins.Add("https://inspector.contoso.com/");
        });

        Assert.True(allowed.IsAllowedHost(new HostString("internal.contoso.com", 8080)));
        Assert.True(allowed.IsAllowedHost(new HostString("[fe80::1]:80")));
        Assert.True(allowed.IsAllowedHost(new HostString("tools.contoso.com")));
        Assert.False(allowed.IsAllowedHost(new HostString("evil.com")));
        Assert.True(allowed.IsAllowedOrigin("https://inspector.contoso.com"));
        Assert.True(allowed.IsAllowedOrigin("https://tools.contoso.com"));
        Assert.False(allowed.IsAllowedOrigin("https://internal.contoso.com"));
    }

    [Theory]
    [InlineData("evil.com")]
    [InlineData("")]
    public void Wildcard_accepts_every_host_but_no_foreign_page(string host)
    {
        var allowed = Create(null, static http => http.AllowedHosts.Add("*"));

        Assert.True(allowed.IsAllowedHost(new HostString(host)));
        Assert.False(allowed.IsAllowedOrigin("https://evil.com"));
    }

    private static AllowedOrigins Create(string? publicUrl = null, Action<HttpOptions>? configure = null)
    {
        var http = new HttpOptions();
        configure?.Invoke(http);
        return new AllowedOrigins(Options.Create(new RemoteMcpOptions { PublicUrl = publicUrl }), Options.Create(http));
    }
}
