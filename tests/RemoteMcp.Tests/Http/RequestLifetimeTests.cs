using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Http;

public sealed class RequestLifetimeTests
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(25);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Call_over_the_time_limit_gets_an_error_that_names_the_limit()
    {
        await using var host = await TestServerHost.StartAsync(time: _time);
        var session = await host.Client.InitializeAsync();
        using var response = await host.Client.SendStreamedAsync(Messages.Post(Messages.Call("waits", id: "\"long\""), session));
        await host.Rendezvous.Entered;

        _time.Advance(s_longest);

        var error = await response.ReadMessageAsync();
        Assert.Equal("long", (string?)error["id"]);
        Assert.Equal(-32603, (int?)error["error"]!["code"]);
        Assert.Equal(
            "The request reached the time limit of this server (RemoteMcp:Http:MaxRequestTime). The request may have been executed, "
                + "completely or in part. Check its effect before you send it again.",
            (string?)error["error"]!["message"]);
    }

    [Fact]
    public async Task Stateless_call_over_the_time_limit_is_cancelled_and_gets_503()
    {
        await using var host = await TestServerHost.StartAsync(
            new Dictionary<string, string?> { ["RemoteMcp:Http:MaxRequestTime"] = "00:01:00", ["RemoteMcp:Http:KeepAlive"] = "00:02:00" },
            _time);
        var sending = host.Client.SendStreamedAsync(Messages.PostStateless(Messages.StatelessCall("waits")));
        await host.Rendezvous.Entered;

        _time.Advance(TimeSpan.FromMinutes(1));

        using var response = await sending;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Null(response.Headers.RetryAfter);
        var error = (await response.ReadMessageAsync())["error"]!;
        Assert.Equal(-32603, (int?)error["code"]);
        Assert.Contains("Check its effect before you send it again.", (string?)error["message"]);
        await host.Rendezvous.Cancelled;
    }

    [Fact]
    public async Task Idle_stream_over_the_time_limit_ends_without_an_error()
    {
        await using var host = await TestServerHost.StartAsync(time: _time);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp/sse");
        using var response = await host.Client.SendStreamedAsync(request);

        _time.Advance(s_longest);

        Assert.StartsWith("event: endpoint", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Request_to_listen_ends_with_a_response_before_the_time_limit()
    {
        await using var host = await TestServerHost.StartAsync(time: _time);
        using var response = await host.Client.SendStreamedAsync(
            Messages.PostStateless(Messages.StatelessRequest("subscriptions/listen", "\"notifications\":{\"toolsListChanged\":true},")));
        using var events = await SseReader.OpenAsync(response);
        Assert.Equal("notifications/subscriptions/acknowledged", (string?)(await events.ReadMessageAsync())["method"]);

        _time.Advance(TimeSpan.FromMinutes(24));

        Assert.NotNull((await events.ReadMessageAsync())["result"]);
    }

    [Fact]
    public async Task Client_that_does_not_read_is_disconnected_at_the_time_limit()
    {
        await using var host = await TestServerHost.StartAsync(time: _time);
        var session = await host.Client.InitializeAsync();
        using var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(host.Url.Host, host.Url.Port, TestContext.Current.CancellationToken);
        var body = Messages.Call("big", """{"length":50000000}""");
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"""
            POST /mcp HTTP/1.1
            Host: {host.Url.Authority}
            Content-Type: application/json
            Accept: application/json, text/event-stream
            Mcp-Session-Id: {session}
            Content-Length: {body.Length}


            """.ReplaceLineEndings("\r\n") + body), TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(() => client.Available > 0);
        await Eventually.IsTrueAsync(() => host.RunningRequests == 1);

        _time.Advance(s_longest);
        _time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.IsTrueAsync(() => host.RunningRequests == 0);
    }

    [Fact]
    public async Task Client_is_disconnected_if_a_tool_ignores_the_time_limit()
    {
        await using var host = await TestServerHost.StartAsync(time: _time);
        var sending = host.Client.SendAsync(
            Messages.PostStateless(Messages.StatelessCall("stubborn")), TestContext.Current.CancellationToken);
        await host.Rendezvous.Entered;

        _time.Advance(s_longest);
        _time.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<HttpRequestException>(
            () => sending.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Disconnect_of_the_client_cancels_its_call()
    {
        await using var host = await TestServerHost.StartAsync(time: _time);
        using (var client = new CancellationTokenSource())
        {
            var sending = host.Client.SendAsync(Messages.PostStateless(Messages.StatelessCall("waits")), client.Token);
            await host.Rendezvous.Entered;
            await client.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        }

        await host.Rendezvous.Cancelled;
        await Eventually.IsTrueAsync(() => host.RunningRequests == 0);
    }
}
