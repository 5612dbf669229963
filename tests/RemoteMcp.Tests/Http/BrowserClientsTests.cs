using System.Net;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Http;

public sealed class BrowserClientsTests
{
    private const string Page = "http://localhost:6274";

    [Fact]
    public async Task Preflight_of_an_allowed_page_permits_MCP_methods_and_headers()
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Options, "/mcp");
        request.Headers.Add("Origin", Page);
        request.Headers.Add("Access-Control-Request-Method", "DELETE");
        request.Headers.Add(
            "Access-Control-Request-Headers", "authorization,content-type,mcp-session-id,mcp-protocol-version,last-event-id");

        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(Page, Header(response, "Access-Control-Allow-Origin"));
        Assert.Contains("DELETE", Header(response, "Access-Control-Allow-Methods"));
        Assert.Contains("mcp-session-id", Header(response, "Access-Control-Allow-Headers"));
        Assert.Equal("Origin", Header(response, "Vary"));
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Page_may_read_the_session_header_and_the_challenge()
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = Messages.Post(Messages.Initialize());
        request.Headers.Add("Origin", Page);

        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(Page, Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal("WWW-Authenticate,Mcp-Session-Id,MCP-Protocol-Version,Retry-After", Header(response, "Access-Control-Expose-Headers"));
    }

    [Theory]
    [InlineData("no JSON", HttpStatusCode.BadRequest)]
    [InlineData(Messages.ListTools, HttpStatusCode.NotFound)]
    public async Task A_page_may_read_why_it_was_refused(string body, HttpStatusCode status)
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = Messages.Post(body, session: "unknown");
        request.Headers.Add("Origin", Page);

        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(Page, Header(response, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_foreign_page_is_refused_and_may_read_nothing()
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = Messages.Post(Messages.Initialize());
        request.Headers.Add("Origin", "https://evil.com");

        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private static string Header(HttpResponseMessage response, string name) => string.Join(',', response.Headers.GetValues(name));
}
