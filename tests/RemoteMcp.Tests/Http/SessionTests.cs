using System.Net;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Http;

public sealed class SessionTests
{
    [Fact]
    public async Task Every_request_to_an_ended_session_gets_404()
    {
        await using var host = await TestServerHost.StartAsync();
        var session = await host.Client.InitializeAsync();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, Delete(session)));

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(host, Delete(session)));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(host, Messages.Post(Messages.ListTools, session)));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(host, Messages.Get(session)));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(host, Messages.Post(Messages.Initialize(), session)));
    }

    [Fact]
    public async Task Ending_a_session_ends_its_stream_and_its_calls()
    {
        await using var host = await TestServerHost.StartAsync();
        var session = await host.Client.InitializeAsync();
        using var stream = await host.Client.SendStreamedAsync(Messages.Get(session));
        using var events = await SseReader.OpenAsync(stream);
        Assert.StartsWith("event: prime", await events.ReadBlockAsync());
        using var call = await host.Client.SendStreamedAsync(Messages.Post(Messages.Call("waits"), session));
        await host.Rendezvous.Entered;

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, Delete(session)));

        Assert.Null(await events.ReadBlockAsync());
        await host.Rendezvous.Cancelled;
        await Eventually.IsTrueAsync(() => host.RunningRequests == 0);
    }

    [Fact]
    public async Task A_thousand_sessions_exist_at_the_same_time()
    {
        await using var host = await TestServerHost.StartAsync();
        var sessions = new string[1000];
        await Parallel.ForAsync(
            0, sessions.Length, TestContext.Current.CancellationToken, async (i, _) => sessions[i] = await host.Client.InitializeAsync());

        Assert.Equal(sessions.Length, sessions.Distinct().Count());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, Messages.Post(Messages.ListTools, sessions[0])));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, Messages.Post(Messages.ListTools, sessions[^1])));
    }

    [Fact]
    public async Task Second_initialize_is_refused_and_does_not_change_the_session()
    {
        await using var host = await TestServerHost.StartAsync();
        var session = await host.Client.InitializeAsync(capabilities: """{"elicitation":{}}""");

        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(host, Messages.Post(Messages.Initialize(), session)));

        using var call = await host.Client.SendStreamedAsync(Messages.Post(Messages.Call("asks"), session));
        using var reader = await SseReader.OpenAsync(call);
        Assert.Equal("elicitation/create", (string?)(await reader.ReadMessageAsync())["method"]);
    }

    [Fact]
    public async Task Cancellation_notification_cancels_the_call()
    {
        await using var host = await TestServerHost.StartAsync();
        var session = await host.Client.InitializeAsync();
        using var call = await host.Client.SendStreamedAsync(Messages.Post(Messages.Call("waits", id: "\"c\""), session));
        await host.Rendezvous.Entered;

        var cancel = """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"c","reason":"enough"}}""";
        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync(host, Messages.Post(cancel, session)));

        await host.Rendezvous.Cancelled.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("no JSON", -32700)]
    [InlineData("[]", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"ping"}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":5}}""", -32602)]
    public async Task HTTP_SSE_session_refuses_an_invalid_message_and_continues(string body, int code)
    {
        await using var host = await TestServerHost.StartAsync();
        using var open = new HttpRequestMessage(HttpMethod.Get, "/mcp/sse");
        using var stream = await host.Client.SendStreamedAsync(open);
        using var reader = await SseReader.OpenAsync(stream);
        var endpoint = await reader.ReadDataAsync();

        using var refusal = await host.Client.SendAsync(Messages.Post(body, path: endpoint), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, refusal.StatusCode);
        Assert.Equal(code, (int?)(await refusal.ReadMessageAsync())["error"]!["code"]);

        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync(host, Messages.Post(Messages.Initialize("2024-11-05"), path: endpoint)));
        Assert.Equal("2024-11-05", (string?)(await reader.ReadMessageAsync())["result"]!["protocolVersion"]);
    }

    [Fact]
    public async Task An_HTTP_SSE_session_ends_with_its_stream()
    {
        await using var host = await TestServerHost.StartAsync();
        string endpoint;
        using (var open = new HttpRequestMessage(HttpMethod.Get, "/mcp/sse"))
        using (var stream = await host.Client.SendStreamedAsync(open))
        {
            using var reader = await SseReader.OpenAsync(stream);
            endpoint = await reader.ReadDataAsync();
        }

        await Eventually.IsTrueAsync(() => host.RunningRequests == 0);

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(host, Messages.Post(Messages.Initialize("2024-11-05"), path: endpoint)));
    }

    private static async Task<HttpStatusCode> StatusAsync(TestServerHost host, HttpRequestMessage request)
    {
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static HttpRequestMessage Delete(string session) =>
        new(HttpMethod.Delete, "/mcp") { Headers = { { "Mcp-Session-Id", session } } };
}
