using System.Net;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Http;

public sealed class PublicUrlTests
{
    private static readonly Dictionary<string, string?> s_behindGateway = new()
    {
        ["RemoteMcp:PublicUrl"] = "https://gateway.contoso.com/team/tools",
    };

    [Theory]
    [InlineData("/mcp/sse")]
    [InlineData("/mcp/sse/")]
    [InlineData("/team/tools/mcp/sse")]
    public async Task SSE_stream_names_the_endpoint_with_the_path_of_the_gateway(string path)
    {
        await using var host = await TestServerHost.StartAsync(s_behindGateway);

        using var response = await host.Client.SendStreamedAsync(ForGateway(new HttpRequestMessage(HttpMethod.Get, path)));
        using var reader = await SseReader.OpenAsync(response);

        Assert.StartsWith("/team/tools/mcp/message?sessionId=", await reader.ReadDataAsync());
    }

    [Theory]
    [InlineData("/mcp")]
    [InlineData("/team/tools/mcp")]
    public async Task Endpoint_is_found_with_and_without_the_prefix_of_the_gateway(string path)
    {
        await using var host = await TestServerHost.StartAsync(s_behindGateway);

        using var response = await host.Client.SendAsync(
            ForGateway(Messages.Post(Messages.Initialize(), path: path)), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Requests_that_bypass_the_gateway_are_refused()
    {
        await using var host = await TestServerHost.StartAsync(s_behindGateway);

        using var response = await host.Client.SendAsync(Messages.Post(Messages.Initialize()), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("/healthz", """{"status":"Healthy","checks":{}}""")]
    [InlineData("/readyz", """{"status":"Healthy","checks":{"state":"Healthy"}}""")]
    public async Task Probes_succeed_with_any_host_name(string path, string answer)
    {
        await using var host = await TestServerHost.StartAsync(s_behindGateway);

        Assert.Equal(answer, await host.Client.GetStringAsync(path, TestContext.Current.CancellationToken));
    }

    private static HttpRequestMessage ForGateway(HttpRequestMessage request)
    {
        request.Headers.Host = "gateway.contoso.com";
        return request;
    }
}
