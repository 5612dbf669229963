using System.Net;
using RemoteMcp.Tests.AuthorizationServer;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.HomePage;

/// <summary>Tests what people see who open the URL of the MCP endpoint in a browser.</summary>
public sealed class EndpointVisitTests : SignInServer
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

    [Theory]
    [InlineData("GET", "/mcp")]
    [InlineData("GET", "/mcp/")]
    [InlineData("GET", "/MCP")]
    [InlineData("GET", "/mcp/sse")]
    [InlineData("HEAD", "/mcp")]
    public async Task Browser_is_redirected_to_the_page_also_before_the_sign_in(string method, string path)
    {
        await using var open = await TestServerHost.StartAsync();

        foreach (var client in new[] { open.Client, Server.Client })
        {
            using var response = await SendAsync(client, method, path, Browser);

            Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
            Assert.Equal("/", response.Headers.Location!.OriginalString);
            Assert.Contains("Accept", response.Headers.Vary);
            using var page = await SendAsync(client, "GET", response.Headers.Location.OriginalString, Browser);
            Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        }
    }

    [Theory]
    [InlineData("POST", "/mcp", Browser)]
    [InlineData("DELETE", "/mcp", Browser)]
    [InlineData("GET", "/mcp", null)]
    [InlineData("GET", "/mcp", "*/*")]
    [InlineData("GET", "/mcp", "text/event-stream")]
    [InlineData("GET", "/mcp", "text/html, text/event-stream")]
    [InlineData("GET", "/mcp", "application/json, text/event-stream")]
    [InlineData("GET", "/mcp/other", Browser)]
    [InlineData("GET", "/mcpx", Browser)]
    public async Task Other_requests_are_not_redirected(string method, string path, string? accept)
    {
        using var response = await SendAsync(Server.Client, method, path, accept);

        Assert.True((int)response.StatusCode >= 400, response.ToString());
    }

    [Theory]
    [InlineData("/mcp")]
    [InlineData("/team/tools/mcp")]
    public async Task Redirect_behind_a_gateway_has_the_path_of_the_public_URL(string path)
    {
        await using var host = await TestServerHost.StartAsync(
            new Dictionary<string, string?> { ["RemoteMcp:PublicUrl"] = "https://gateway.contoso.com/team/tools" });

        using var response = await SendAsync(host.Client, "GET", path, Browser, "gateway.contoso.com");

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal("/team/tools/", response.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Server_without_the_page_does_not_redirect()
    {
        await using var host = await TestServerHost.StartAsync(
            new Dictionary<string, string?> { ["RemoteMcp:HomePage:Enabled"] = "false" });

        using var response = await SendAsync(host.Client, "GET", "/mcp", Browser);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, string method, string path, string? accept, string? host = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Host = host;
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        return await client.SendAsync(request, Cancelled);
    }
}
