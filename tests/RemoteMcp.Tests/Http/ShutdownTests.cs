using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Http;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Http;

public sealed class ShutdownTests
{
    private const string EndedByShutdown = "The server is shutting down. The request may have been executed, completely or in part. "
        + "Check its effect before you send it again.";

    // The maximum duration of a shutdown before a test fails. It is less than the default shutdown timeout of ASP.NET Core, 30 s.
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(25);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Streams_without_a_running_call_end_immediately()
    {
        await using var host = await TestServerHost.StartAsync(time: _time);
        using var session = await host.Client.SendStreamedAsync(Messages.Get(await host.Client.InitializeAsync()));
        using var events = await SseReader.OpenAsync(session);
        Assert.StartsWith("event: prime", await events.ReadBlockAsync());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp/sse");
        using var sse = await host.Client.SendStreamedAsync(request);

        host.RequestStop();

        Assert.Null(await events.ReadBlockAsync());
        Assert.StartsWith("event: endpoint", await sse.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_running_call_may_finish_within_the_grace_time()
    {
        await using var host = await TestServerHost.StartAsync(time: _time);
        using var response = await host.Client.SendStreamedAsync(
            Messages.Post(Messages.Call("waits"), await host.Client.InitializeAsync()));
        await host.Rendezvous.Entered;

        host.RequestStop();
        _time.Advance(TimeSpan.FromMilliseconds(999));
        host.Rendezvous.Release();

        Assert.Equal("released", (string?)(await response.ReadMessageAsync())["result"]!["content"]![0]!["text"]);
    }

    [Fact]
    public async Task Call_that_exceeds_the_grace_time_gets_a_shutdown_error()
    {
        await using var host = await TestServerHost.StartAsync(time: _time);
        using var response = await host.Client.SendStreamedAsync(
            Messages.Post(Messages.Call("waits"), await host.Client.InitializeAsync()));
        await host.Rendezvous.Entered;

        host.RequestStop();
        _time.Advance(TimeSpan.FromSeconds(1));

        var error = await response.ReadMessageAsync();
        Assert.Equal(1, (int?)error["id"]);
        Assert.Equal(-32603, (int?)error["error"]!["code"]);
        Assert.Equal(EndedByShutdown, (string?)error["error"]!["message"]);
    }

    [Theory]
    [InlineData("/mcp")]
    [InlineData("/readyz")]
    public async Task New_requests_get_503_during_the_shutdown(string path)
    {
        await using var host = await TestServerHost.StartAsync(time: _time);
        host.RequestStop();

        using var response = await host.Client.SendAsync(
            Messages.Post(Messages.Initialize(), path: path), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("1", response.Headers.RetryAfter?.ToString());
        Assert.True(response.Headers.ConnectionClose);
        var error = (await response.ReadMessageAsync())["error"]!;
        Assert.Equal(-32603, (int?)error["code"]);
        Assert.Equal("The server is shutting down. The server has not begun the request. Send it again.", (string?)error["message"]);
    }

    [Fact]
    public async Task The_host_stops_with_all_kinds_of_streams_open()
    {
        await using var host = await TestServerHost.StartAsync();
        var session = await host.Client.InitializeAsync();
        using var get = await host.Client.SendStreamedAsync(Messages.Get(session));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp/sse");
        using var sse = await host.Client.SendStreamedAsync(request);
        using var call = await host.Client.SendStreamedAsync(Messages.Post(Messages.Call("waits"), session));
        await host.Rendezvous.Entered;

        await host.StopAsync().WaitAsync(s_bound, TestContext.Current.CancellationToken);

        await Eventually.IsTrueAsync(() => host.RunningRequests == 0);
        Assert.Equal(EndedByShutdown, (string?)(await call.ReadMessageAsync())["error"]!["message"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_host_stops_although_a_tool_ignores_cancellation(bool stateless)
    {
        await using var host = await TestServerHost.StartAsync();
        var calling = stateless
            ? host.Client.SendStreamedAsync(Messages.PostStateless(Messages.StatelessCall("stubborn")))
            : host.Client.SendStreamedAsync(Messages.Post(Messages.Call("stubborn"), await host.Client.InitializeAsync()));
        await host.Rendezvous.Entered;

        await host.StopAsync().WaitAsync(s_bound, TestContext.Current.CancellationToken);

        Assert.NotNull(await Record.ExceptionAsync(async () => (await (await calling).ReadMessageAsync())["result"]!.ToString()));
    }

    [Fact]
    public async Task Pending_prompt_does_not_delay_the_shutdown()
    {
        await using var host = await TestServerHost.StartAsync();
        var session = await host.Client.InitializeAsync(capabilities: """{"elicitation":{}}""");
        using var call = await host.Client.SendStreamedAsync(Messages.Post(Messages.Call("asks"), session));
        using var reader = await SseReader.OpenAsync(call);
        Assert.Equal("elicitation/create", (string?)(await reader.ReadMessageAsync())["method"]);

        await host.StopAsync().WaitAsync(s_bound, TestContext.Current.CancellationToken);

        Assert.Equal(EndedByShutdown, (string?)(await reader.ReadMessageAsync())["error"]!["message"]);
    }

    [Fact]
    public async Task Response_of_a_running_request_announces_the_end_of_the_connection()
    {
        await using var host = await TestServerHost.StartAsync(time: _time);
        var sending = host.Client.SendStreamedAsync(Messages.PostStateless(Messages.StatelessCall("waits")));
        await host.Rendezvous.Entered;

        host.RequestStop();
        host.Rendezvous.Release();

        using var response = await sending;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.ConnectionClose);
    }

    [Fact]
    public async Task Next_request_after_a_finished_call_gets_503_on_the_same_connection()
    {
        await using var host = await TestServerHost.StartAsync(
            new Dictionary<string, string?>
            {
                ["RemoteMcp:Http:ShutdownGrace"] = "00:00:20",
                ["RemoteMcp:Http:ShutdownDelay"] = "00:00:01",
            });
        var connections = 0;
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                Interlocked.Increment(ref connections);
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        {
            BaseAddress = host.Url,
        };
        var session = await client.InitializeAsync();
        using var call = await client.SendStreamedAsync(Messages.Post(Messages.Call("waits"), session));
        await host.Rendezvous.Entered;
        var before = connections;

        var stopping = host.StopAsync();
        host.Rendezvous.Release();
        Assert.Equal("released", (string?)(await call.ReadMessageAsync())["result"]!["content"]![0]!["text"]);
        using var next = await client.SendAsync(Messages.Post(Messages.ListTools, session), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, next.StatusCode);
        Assert.True(next.Headers.ConnectionClose);
        Assert.Equal(before, connections);
        await stopping.WaitAsync(s_bound, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Request_whose_body_does_not_arrive_can_be_sent_again()
    {
        await using var host = await TestServerHost.StartAsync(time: _time);
        using var request = await StalledRequest.SendAsync(host.Url, null, 1000, 10, TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(() => host.RunningRequests == 1);
        host.RequestStop();
        var pending = request.ResponseAsync(TestContext.Current.CancellationToken);

        _time.Advance(TimeSpan.FromSeconds(1));

        var response = await pending;
        Assert.StartsWith("HTTP/1.1 503 ", response, StringComparison.Ordinal);
        Assert.Contains("Retry-After: 1\r\n", response, StringComparison.Ordinal);
        Assert.Contains("has not begun the request. Send it again.", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Large_body_that_arrives_during_the_shutdown_gets_503()
    {
        await using var host = await TestServerHost.StartAsync(time: _time);
        host.RequestStop();

        using var response = await host.Client.SendAsync(
            Messages.Post(Messages.Call("waits", $$"""{"text":"{{new string('x', 3_000_000)}}"}""")),
            TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    public async Task Connection_that_was_accepted_last_gets_503_after_the_listener_is_closed()
    {
        await using var host = await TestServerHost.StartAsync();
        using var last = new TcpClient();
        await last.ConnectAsync(host.Url.Host, host.Url.Port, TestContext.Current.CancellationToken);
        var connections = host.Services.GetRequiredService<KestrelConnections>();
        await Eventually.IsTrueAsync(() => connections.Count == 1);

        host.RequestStop();
        await connections.StopListeningAsync(TimeProvider.System, TestContext.Current.CancellationToken);

        using var refused = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(
            () => refused.ConnectAsync(host.Url.Host, host.Url.Port, TestContext.Current.CancellationToken).AsTask());
        await last.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"GET /healthz HTTP/1.1\r\nHost: {host.Url.Authority}\r\n\r\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(last.GetStream());
        Assert.StartsWith("HTTP/1.1 503", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }
}
