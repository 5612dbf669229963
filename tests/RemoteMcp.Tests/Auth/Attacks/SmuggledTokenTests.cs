using System.Net;
using System.Text;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Auth.Attacks;

/// <summary>
/// Tests valid tokens in the wrong place, requests that try to bypass the check, and what the server discloses to other hosts and origins.
/// </summary>
public sealed class SmuggledTokenTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("?access_token=")]
    [InlineData("?x=1&access_token=")]
    [InlineData("?ACCESS_TOKEN=")]
    public async Task Token_in_the_query_is_refused_even_with_a_valid_header(string query)
    {
        using var alone = await server.SendAsync(Messages.Post(Messages.ListTools, path: "/mcp" + query + server.Token()));
        using var beside = await server.SendAsync(Messages.Post(Messages.ListTools, path: "/mcp" + query + server.Token()), server.Token());

        await server.AssertRefusedAsync(alone, HttpStatusCode.BadRequest, "invalid_request");
        await server.AssertRefusedAsync(beside, HttpStatusCode.BadRequest, "invalid_request");
    }

    [Theory]
    [InlineData("Cookie", "access_token={0}; Authorization=Bearer {0}")]
    [InlineData("Proxy-Authorization", "Bearer {0}")]
    [InlineData("X-Authorization", "Bearer {0}")]
    [InlineData("X-MS-TOKEN-AAD-ACCESS-TOKEN", "{0}")]
    [InlineData("X-MS-CLIENT-PRINCIPAL", "eyJhdXRoX3R5cCI6ImFhZCJ9")]
    [InlineData("X-MS-CLIENT-PRINCIPAL-ID", "50000000-0000-4000-8000-000000000001")]
    [InlineData("X-Forwarded-User", "adele@contoso.example")]
    public async Task Only_the_authorization_header_counts(string header, string value)
    {
        using var request = Messages.PostStateless(Messages.StatelessListTools);
        request.Headers.TryAddWithoutValidation(header, string.Format(null, value, server.Token()));

        using var response = await server.SendAsync(request);

        await server.AssertRefusedAsync(response, HttpStatusCode.Unauthorized, null);
    }

    [Fact]
    public async Task A_token_in_a_form_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = new FormUrlEncodedContent([new("access_token", server.Token())]),
        };

        using var response = await server.SendAsync(request);

        await server.AssertRefusedAsync(response, HttpStatusCode.Unauthorized, null);
    }

    [Theory]
    [InlineData("Basic {0}", "invalid_token")]
    [InlineData("DPoP {0}", "invalid_token")]
    [InlineData("{0}", "invalid_token")]
    [InlineData("Bearer", "invalid_token")]
    [InlineData("Bearer Bearer {0}", "invalid_token")]
    [InlineData("Bearer {0},Bearer {0}", "invalid_token")]
    [InlineData("Bearer {0} {0}", "invalid_token")]
    [InlineData("Bearer={0}", "invalid_token")]
    public async Task Another_scheme_or_more_than_one_token_is_refused(string header, string error)
    {
        using var request = Messages.PostStateless(Messages.StatelessListTools);
        request.Headers.TryAddWithoutValidation("Authorization", string.Format(null, header, server.Token()));

        using var response = await server.SendAsync(request);

        await server.AssertRefusedAsync(response, HttpStatusCode.Unauthorized, error);
    }

    [Fact]
    public async Task Duplicated_authorization_headers_are_refused()
    {
        var request = $"POST /mcp HTTP/1.1\r\nHost: {server.Server.Url.Authority}\r\n"
            + $"Authorization: Bearer {server.Token()}\r\nAuthorization: Bearer {server.Token()}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {Messages.ListTools.Length}\r\n"
            + $"Connection: close\r\n\r\n{Messages.ListTools}";

        var response = await RawHttp.SendAsync(server.Server.Url, Encoding.ASCII.GetBytes(request));

        Assert.Equal(400, response.Status);
        Assert.Contains("error=\"invalid_request\"", response.Headers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16_500, HttpStatusCode.Unauthorized)]
    [InlineData(40_000, HttpStatusCode.RequestHeaderFieldsTooLarge)]
    public async Task Too_long_token_is_refused(int length, HttpStatusCode status)
    {
        using var response = await server.SendAsync(Messages.PostStateless(Messages.StatelessListTools), new string('a', length));

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("POST", "/mcp")]
    [InlineData("POST", "/mcp/")]
    [InlineData("POST", "/MCP")]
    [InlineData("POST", "/%6dcp")]
    [InlineData("POST", "/x/../mcp")]
    [InlineData("GET", "/mcp")]
    [InlineData("DELETE", "/mcp")]
    [InlineData("GET", "/mcp/sse")]
    [InlineData("GET", "/Mcp/Sse")]
    [InlineData("POST", "/mcp/message")]
    [InlineData("POST", "/mcp/message?sessionId=abc")]
    [InlineData("POST", "/mcp/anything")]
    [InlineData("PUT", "/mcp")]
    [InlineData("HEAD", "/mcp")]
    public async Task Every_spelling_of_an_endpoint_requires_a_token(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
        {
            request.Content = new StringContent(Messages.ListTools, Encoding.UTF8, "application/json");
        }

        request.Headers.TryAddWithoutValidation("X-HTTP-Method-Override", "OPTIONS");
        using var response = await server.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("/.well-known/oauth-protected-resource/mcp")]
    [InlineData("/mcp")]
    public async Task Unknown_host_appears_in_neither_metadata_nor_challenge(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = "evil.example" } };

        using var response = await server.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.DoesNotContain(
            "evil.example", response.Headers + await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:99999")]
    [InlineData("localhost:65536")]
    [InlineData("localhost:0")]
    [InlineData("[::1]:99999")]
    [InlineData("localhost:0000000000000000000000080000000000")]
    public async Task Invalid_port_in_the_host_header_gets_400_and_is_not_echoed(string host)
    {
        foreach (var path in (string[])["/mcp", "/.well-known/oauth-protected-resource/mcp", "/"])
        {
            var request = $"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n";

            var response = await RawHttp.SendAsync(server.Server.Url, Encoding.ASCII.GetBytes(request));

            Assert.Equal(400, response.Status);
            Assert.Contains("the port in the Host header is not a number from 1 to 65535", response.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("WWW-Authenticate", response.Headers, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(host, response.Headers + response.Body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("Forwarded", "host=evil.example;proto=https")]
    [InlineData("X-Original-Host", "evil.example")]
    [InlineData("X-Forwarded-Proto", "gopher")]
    public async Task Forwarded_headers_do_not_change_the_metadata(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/.well-known/oauth-protected-resource/mcp");
        request.Headers.TryAddWithoutValidation(header, value);

        using var response = await server.SendAsync(request);

        Assert.Contains(
            $"\"resource\":\"{server.Server.Url}mcp\"", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    public async Task Pages_of_other_origins_are_refused(string origin)
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/mcp")
        {
            Headers =
            {
                { "Origin", origin },
                { "Access-Control-Request-Method", "POST" },
                { "Access-Control-Request-Headers", "authorization" },
            },
        };
        using var preflighted = await server.SendAsync(preflight);
        using var request = Messages.PostStateless(Messages.StatelessListTools);
        request.Headers.Add("Origin", origin);
        using var called = await server.SendAsync(request, server.Token());

        Assert.False(preflighted.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal(HttpStatusCode.Forbidden, called.StatusCode);
        Assert.False(called.Headers.Contains("Access-Control-Allow-Origin"));
    }
}
