using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.HomePage;

/// <summary>Tests the response to a request for the root: the page, JSON, or the URL of the endpoint.</summary>
public sealed class RootRequestTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, "text/html")]
    [InlineData("*/*", "text/html")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", "text/html")]
    [InlineData("text/*", "text/html")]
    [InlineData("image/png", "text/html")]
    [InlineData("not a media type", "text/html")]
    [InlineData("application/json", "application/json")]
    [InlineData("application/json, text/plain, */*", "application/json")]
    [InlineData("text/html;q=0.5, application/json", "application/json")]
    [InlineData("text/html;q=0, application/json;q=0.1", "application/json")]
    [InlineData("application/json;q=0.5, text/html", "text/html")]
    [InlineData("application/json;q=0, */*", "text/html")]
    public async Task Accept_header_selects_the_representation(string? accept, string contentType)
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        using var response = await host.Client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(contentType, response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("Accept", response.Headers.Vary);
    }

    [Fact]
    public async Task Programs_get_the_endpoint_in_JSON()
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Accept = { new("application/json") } } };

        using var response = await host.Client.SendAsync(request, Cancelled);

        Assert.Equal(
            $$"""{"name":"remote-mcp","mcp_endpoint":"{{new Uri(host.Url, "/mcp")}}"}""",
            await response.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Theory]
    [InlineData("POST", "application/json, text/event-stream", HttpStatusCode.NotFound)]
    [InlineData("GET", "text/event-stream", HttpStatusCode.NotAcceptable)]
    public async Task MCP_request_without_the_path_gets_the_endpoint(string method, string accept, HttpStatusCode status)
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), "/");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (method == "POST")
        {
            request.Content = new StringContent(Messages.Initialize(), Encoding.UTF8, "application/json");
        }

        using var response = await host.Client.SendAsync(request, Cancelled);

        Assert.Equal(status, response.StatusCode);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancelled))!;
        Assert.Equal("2.0", (string?)error["jsonrpc"]);
        Assert.Contains($"the MCP endpoint of this server is {new Uri(host.Url, "/mcp")}.", (string?)error["error"]!["message"]);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Other_methods_are_not_allowed(string method)
    {
        await using var host = await TestServerHost.StartAsync();

        using var response = await host.Client.SendAsync(new(new HttpMethod(method), "/"), Cancelled);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }
}
