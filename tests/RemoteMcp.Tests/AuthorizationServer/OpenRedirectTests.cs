using System.Net;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>Tests that the server redirects a browser only to the exact redirect URIs of the client.</summary>
public sealed class OpenRedirectTests(AttackedSignIn server) : IClassFixture<AttackedSignIn>
{
    private const string Web = "https://claude.ai/api/mcp/auth_callback";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/callback")]
    [InlineData("https:///evil.example/")]
    [InlineData("https:\\\\evil.example")]
    [InlineData("https://claude.ai.evil.example/api/mcp/auth_callback")]
    [InlineData("https://claude.ai@evil.example/api/mcp/auth_callback")]
    [InlineData("https://evil.example\\@claude.ai/api/mcp/auth_callback")]
    [InlineData("https://evil.example#@claude.ai/api/mcp/auth_callback")]
    [InlineData("https://claude.ai%2eevil.example/api/mcp/auth_callback")]
    [InlineData("https://claude.ai./api/mcp/auth_callback")]
    [InlineData("https://CLAUDE.ai/api/mcp/auth_callback")]
    [InlineData("https://claude.ai:443/api/mcp/auth_callback")]
    [InlineData("https://claude.ai:8443/api/mcp/auth_callback")]
    [InlineData("http://claude.ai/api/mcp/auth_callback")]
    [InlineData("https://claude.ai/api/mcp/auth_callback/")]
    [InlineData("https://claude.ai/api/mcp/auth_callback?next=https://evil.example")]
    [InlineData("https://claude.ai/api/mcp/auth_callback#fragment")]
    [InlineData("https://claude.ai/api/mcp/auth_callback/../../open")]
    [InlineData("https://claude.ai/api/mcp/auth_callback/%2e%2e/open")]
    [InlineData("https://claude.ai/api/mcp/AUTH_callback")]
    [InlineData("https://claude.ai/api/mcp/auth_callback?iss=https://evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,<script>alert(1)</script>")]
    [InlineData("cursor://anysphere.cursor-mcp/oauth/callback")]
    [InlineData("http://127.0.0.1:51234/other")]
    [InlineData("http://127.0.0.1:51234/callback?next=https://evil.example")]
    [InlineData("http://127.0.0.1:51234/callback\r\nSet-Cookie: a=b")]
    [InlineData("http://127.0.0.1:51234@evil.example/callback")]
    [InlineData("http://127.0.0.1.evil.example/callback")]
    [InlineData("http://user@127.0.0.1:51234/callback")]
    [InlineData("http://127.0.0.1:0/callback")]
    [InlineData("http://127.0.0.1:99999/callback")]
    [InlineData("http://127.1:51234/callback")]
    [InlineData("http://2130706433:51234/callback")]
    [InlineData("http://0x7f.1:51234/callback")]
    [InlineData("http://localhost:51234/callback")]
    [InlineData("http://[::1]:51234/callback")]
    [InlineData("https://127.0.0.1:51234/callback")]
    public async Task Other_redirect_gets_a_page(string? redirect)
    {
        using var client = await server.RegisterAsync(AuthorizationDriver.Redirect, Web);

        var page = await client.Browser.GoAsync(client.AuthorizeUrl(("redirect_uri", redirect)));

        AttackedSignIn.AssertRefused(page);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.DoesNotContain("<script", page.Html, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Client_with_one_redirect_must_send_it_too(string? redirect)
    {
        using var client = await server.RegisterAsync();

        AttackedSignIn.AssertRefused(await client.Browser.GoAsync(client.AuthorizeUrl(("redirect_uri", redirect))));
    }

    [Theory]
    [InlineData("response_type", "token")]
    [InlineData("response_type", null)]
    [InlineData("response_mode", "fragment")]
    [InlineData("code_challenge", null)]
    [InlineData("prompt", "none")]
    [InlineData("resource", "https://evil.example/mcp")]
    [InlineData("request", "e30.e30.")]
    [InlineData("request_uri", "https://evil.example/request")]
    public async Task Invalid_request_is_not_reported_to_another_redirect(string parameter, string? value)
    {
        using var client = await server.RegisterAsync();

        var page = await client.Browser.GoAsync(client.AuthorizeUrl(("redirect_uri", "https://evil.example/"), (parameter, value)));

        AttackedSignIn.AssertRefused(page);
    }

    [Fact]
    public async Task Redirect_of_another_client_gets_a_page()
    {
        using var first = await server.RegisterAsync();
        using var second = await server.RegisterAsync(Web);

        AttackedSignIn.AssertRefused(await second.Browser.GoAsync(second.AuthorizeUrl()));
        AttackedSignIn.AssertRefused(await first.Browser.GoAsync(first.AuthorizeUrl(("redirect_uri", Web))));
    }

    [Theory]
    [InlineData("registration.")]
    [InlineData("registration.AAAA")]
    [InlineData("registration.%00")]
    [InlineData("https://evil.example")]
    [InlineData("https://127.0.0.1/client.json")]
    [InlineData("https://localhost/client.json")]
    [InlineData("https://169.254.169.254/metadata/identity")]
    [InlineData("20000000-0000-4000-8000-000000000002")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("' or 1=1 --")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Unknown_client_gets_a_page(string? id)
    {
        using var client = await server.RegisterAsync();

        var page = await client.Browser.GoAsync(client.AuthorizeUrl(("client_id", id)));

        AttackedSignIn.AssertRefused(page);
        Assert.DoesNotContain("<script", page.Html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Client_id_with_one_changed_letter_is_unknown()
    {
        using var client = await server.RegisterAsync();
        var id = client.ClientId;

        foreach (var position in new[] { id.Length - 1, id.Length / 2, "registration.".Length + 30 })
        {
            var changed = id[..position] + (id[position] == 'A' ? 'B' : 'A') + id[(position + 1)..];
            AttackedSignIn.AssertRefused(await client.Browser.GoAsync(client.AuthorizeUrl(("client_id", changed))));
        }
    }

    [Fact]
    public async Task Links_in_the_pages_stay_on_the_server()
    {
        using var client = await server.RegisterAsync();

        using var response = await client.GetAsync(
            client.AuthorizeUrl(("redirect_uri", "https://evil.example/phish?x=\"><a href=https://evil.example>")).PathAndQuery);

        var html = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.DoesNotContain("href=\"https://evil.example", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<a href=https", html, StringComparison.Ordinal);
    }
}
