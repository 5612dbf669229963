using System.Net;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Http;

/// <summary>Tests requests without a session id, of clients whose revision has sessions.</summary>
public sealed class MissingSessionTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo","arguments":{"text":"a"}}}""", "7")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"ping"}""", "7")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", null)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"result":{}}""", "7")]
    public async Task Message_without_a_session_id_gets_the_next_step(string message, string? id)
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = Messages.Post(message);
        request.Headers.Add("MCP-Protocol-Version", "2025-11-25");

        using var response = await host.Client.SendAsync(request, Cancelled);

        await AssertRefusalAsync(response, "this message", id);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task Request_without_a_session_id_gets_the_next_step(string method)
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), "/mcp");
        request.Headers.Accept.ParseAdd("text/event-stream");

        using var response = await host.Client.SendAsync(request, Cancelled);

        await AssertRefusalAsync(response, $"a {method} request", null);
    }

    [Fact]
    public async Task Message_with_a_stateless_revision_only_in_its_body_gets_the_missing_header()
    {
        await using var host = await TestServerHost.StartAsync();

        using var response = await host.Client.SendAsync(Messages.Post(Messages.StatelessListTools), Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var message = (string?)(await response.ReadMessageAsync())["error"]!["message"];
        Assert.Contains("MCP-Protocol-Version", message, StringComparison.Ordinal);
        Assert.DoesNotContain("HttpServerTransportOptions", message, StringComparison.Ordinal);
    }

    private static async Task AssertRefusalAsync(HttpResponseMessage response, string what, string? id)
    {
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var answer = await response.ReadMessageAsync();
        Assert.Equal(id, answer["id"]?.ToString());
        var message = (string?)answer["error"]!["message"];
        Assert.StartsWith(
            $"Bad Request: {what} needs the Mcp-Session-Id header. Send initialize first.", message, StringComparison.Ordinal);
        Assert.DoesNotContain("HttpServerTransportOptions", message, StringComparison.Ordinal);
    }
}
