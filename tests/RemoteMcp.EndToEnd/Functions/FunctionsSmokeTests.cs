using System.Net;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using RemoteMcp.EndToEnd.Clients;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Functions;

/// <summary>Tests the parts of the server that the routes of the Functions app and of its host could break.</summary>
public sealed class FunctionsSmokeTests(FunctionsApp app, StartedServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpTransportMode.StreamableHttp, "mcp", "2026-07-28")]
    [InlineData(HttpTransportMode.StreamableHttp, "mcp", "2025-11-25")]
    [InlineData(HttpTransportMode.Sse, "mcp/sse", "2025-11-25")]
    public async Task A_client_connects_lists_the_tools_and_calls_one(HttpTransportMode mode, string path, string protocolVersion)
    {
        await using var client = await PatientClient.ConnectAsync(
            PatientClient.Http(await app.AddressAsync(servers), mode, path), protocolVersion, Cancellation);

        Assert.Equal(protocolVersion, client.NegotiatedProtocolVersion);
        Assert.Contains("search_files", (await client.ListToolsAsync(cancellationToken: Cancellation)).Select(tool => tool.Name));
        var listing = await client.CallToolAsync("list_directory", cancellationToken: Cancellation);
        Assert.False(listing.IsError is true, string.Concat(listing.Content.OfType<TextContentBlock>().Select(block => block.Text)));
        Assert.NotEqual(0, listing.StructuredContent!.Value.GetProperty("entries").GetArrayLength());
    }

    [Theory]
    [InlineData("healthz")]
    [InlineData("readyz")]
    public async Task Health_endpoints_report_healthy(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Healthy", (await ReadJsonAsync(response)).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("", "text/html")]
    [InlineData("favicon.ico", "image/svg+xml")]
    [InlineData("robots.txt", "text/plain")]
    public async Task Browsers_get_the_home_page_and_its_files(string path, string contentType)
    {
        using var response = await SendAsync(HttpMethod.Get, path);
        using var head = await SendAsync(HttpMethod.Head, path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(contentType, response.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith(
            "default-src 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
    }

    [Fact]
    public async Task Browser_that_opens_the_endpoint_is_sent_to_the_home_page()
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(await app.AddressAsync(servers), "mcp"));
        request.Headers.Add("Accept", "text/html");

        using var response = await http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal("/", response.Headers.Location?.ToString());
    }

    /// <remarks>
    /// The host's own 404 and 405 responses have no body. A response with a body shows that the request reached the pipeline.
    /// </remarks>
    [Theory]
    [InlineData("GET", ".well-known/oauth-protected-resource", HttpStatusCode.NotFound)]
    [InlineData("GET", ".well-known/oauth-protected-resource/mcp", HttpStatusCode.NotFound)]
    [InlineData("PUT", "mcp", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", "", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "", HttpStatusCode.NotFound)]
    [InlineData("POST", "mcp", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("POST", "mcp/message", HttpStatusCode.UnsupportedMediaType)]
    public async Task Refused_request_gets_an_error_message_from_the_pipeline(string method, string path, HttpStatusCode status)
    {
        using var response = await SendAsync(new HttpMethod(method), path);

        Assert.Equal(status, response.StatusCode);
        Assert.NotEmpty((await ReadJsonAsync(response)).GetProperty("error").GetProperty("message").GetString()!);
    }

    [Theory]
    [InlineData("no/such/route")]
    [InlineData("api/mcp")]
    public async Task Unknown_path_gets_404(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(await app.AddressAsync(servers), path));
        return await http.SendAsync(request, Cancellation);
    }

    private static async Task<JsonElement> ReadJsonAsync(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancellation));
}
