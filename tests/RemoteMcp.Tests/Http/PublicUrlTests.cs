using System.Net;
using Xunit;

namespace RemoteMcp.Tests.Http;

public sealed class PublicUrlTests
{
    private static readonly Dictionary<string, string?> BehindGateway = new() { ["RemoteMcp:PublicUrl"] = "https://gateway.contoso.com/team/tools" };

    [Theory]
    [InlineData("/mcp/sse")]
    [InlineData("/mcp/sse/")]
    [InlineData("/team/tools/mcp/sse")]
    public async Task The_SSE_stream_names_an_endpoint_that_clients_reach_through_the_gateway(string path)
    {
        await using var host = await TestServerHost.StartAsync(BehindGateway);

        using var response = await host.Client.SendStreamedAsync(ForGateway(new HttpRequestMessage(HttpMethod.Get, path)));
        using var reader = await SseReader.OpenAsync(response);

        Assert.StartsWith("/team/tools/mcp/message?sessionId=", await reader.ReadDataAsync());
    }

    [Theory]
    [InlineData("/mcp")]
    [InlineData("/team/tools/mcp")]
    public async Task The_endpoint_is_found_whether_the_gateway_strips_its_prefix_or_not(string path)
    {
        await using var host = await TestServerHost.StartAsync(BehindGateway);

        using var response = await host.Client.SendAsync(ForGateway(Messages.Post(Messages.Initialize(), path: path)), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Requests_that_go_round_the_gateway_are_refused()
    {
        await using var host = await TestServerHost.StartAsync(BehindGateway);

        using var response = await host.Client.SendAsync(Messages.Post(Messages.Initialize()), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("/healthz", """{"status":"Healthy","checks":{}}""")]
    [InlineData("/readyz", """{"status":"Healthy","checks":{"state":"Healthy"}}""")]
    public async Task Probes_reach_the_server_by_whatever_name_it_has(string path, string answer)
    {
        await using var host = await TestServerHost.StartAsync(BehindGateway);

        Assert.Equal(answer, await host.Client.GetStringAsync(path, TestContext.Current.CancellationToken));
    }

    private static HttpRequestMessage ForGateway(HttpRequestMessage request)
    {
        request.Headers.Host = "gateway.contoso.com";
        return request;
    }
}
