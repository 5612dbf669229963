using System.Net;
using Xunit;

namespace RemoteMcp.Tests.Http;

public sealed class SessionTests
{
    [Fact]
    public async Task A_session_that_was_ended_is_not_found_by_anything_any_more()
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
    public async Task A_thousand_sessions_live_side_by_side()
    {
        await using var host = await TestServerHost.StartAsync();
        var sessions = new string[1000];
        await Parallel.ForAsync(0, sessions.Length, TestContext.Current.CancellationToken, async (i, _) => sessions[i] = await host.Client.InitializeAsync());

        Assert.Equal(sessions.Length, sessions.Distinct().Count());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, Messages.Post(Messages.ListTools, sessions[0])));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, Messages.Post(Messages.ListTools, sessions[^1])));
    }

    [Fact]
    public async Task A_second_initialize_leaves_the_session_as_it_was()
    {
        await using var host = await TestServerHost.StartAsync();
        var session = await host.Client.InitializeAsync(capabilities: """{"elicitation":{}}""");

        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(host, Messages.Post(Messages.Initialize(), session)));

        using var call = await host.Client.SendStreamedAsync(Messages.Post(Messages.Call("asks"), session));
        using var reader = await SseReader.OpenAsync(call);
        Assert.Equal("elicitation/create", (string?)(await reader.ReadMessageAsync())["method"]);
    }

    [Fact]
    public async Task A_call_is_cancelled_by_a_notification_that_names_it()
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
    public async Task An_HTTP_SSE_session_refuses_what_is_no_message_and_serves_on(string body, int code)
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

    private static HttpRequestMessage Delete(string session) => new(HttpMethod.Delete, "/mcp") { Headers = { { "Mcp-Session-Id", session } } };
}
