using System.Net;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.EndToEnd.Wire;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.EndToEnd.Hosting;

/// <summary>Tests how <c>remote-mcp serve</c> stops on Ctrl+C (SIGINT) and on the signal of a supervisor (SIGTERM).</summary>
public sealed class StoppingTests
{
    // Less than the 30 s that an ASP.NET Core host waits for its streams by default.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(25);

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Ends_with_success_while_clients_hold_streams_open(string signal)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // Windows cannot send a signal to a process of a different console.
        }

        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await ServerProcess.StartAsync(Programs.RemoteMcp, ["serve"], cancellation);
        using var streaming = new HttpWire(server.Endpoint);
        using var initialized = await streaming.PostAsync(JsonMessages.Initialize(1, "2025-11-25"));
        streaming.Headers["Mcp-Session-Id"] = initialized.Headers.GetValues("Mcp-Session-Id").Single();
        using var stream = await streaming.GetStreamAsync();
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        using var listening = new HttpWire(server.SseEndpoint);
        using var legacyStream = await listening.GetStreamAsync();
        Assert.Equal(HttpStatusCode.OK, legacyStream.StatusCode);

        await server.SignalAsync(signal, cancellation);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_limit);
        Assert.Equal(0, await server.WaitForExitAsync(limit.Token));
    }

    [Fact]
    public async Task No_request_of_keep_alive_clients_is_reset()
    {
        if (!OperatingSystem.IsLinux())
        {
            return; // Only Linux can empty the queue of a listening socket, and Windows cannot send the signal.
        }

        const int rounds = 3;
        const int clients = 30;
        var cancellation = TestContext.Current.CancellationToken;
        for (var round = 1; round <= rounds; round++)
        {
            await using var server = await ServerProcess.StartAsync(
                Programs.RemoteMcp, ["serve", "--set", "RemoteMcp:Limits:RequestsPerMinute=1000000"], cancellation);
            var loops = new RequestLoops(server.Address);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            over.CancelAfter(s_limit);
            var running = loops.RunAsync(clients, untilUnavailable: false, over.Token);
            await Eventually.IsTrueAsync(() => loops.Answered > clients * 10);

            await server.SignalAsync("TERM", cancellation);

            Assert.Equal(0, await server.WaitForExitAsync(over.Token));
            await over.CancelAsync();
            await running;
            Assert.Empty(loops.Failures);
            Assert.True(loops.Unavailable > 0, "No request arrived during the shutdown.");
        }
    }

    [Fact]
    public async Task Server_without_connections_does_not_wait_for_the_delay()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // See above.
        }

        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await StartWithLongDelayAsync();

        await server.SignalAsync("INT", cancellation);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_limit);
        Assert.Equal(0, await server.WaitForExitAsync(limit.Token));
    }

    [Fact]
    public async Task Second_interrupt_ends_the_process_immediately()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // See above.
        }

        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await StartWithLongDelayAsync();
        // The server has accepted a connection on which it has responded.
        using var idle = new HttpClient();
        using var accepted = await idle.GetAsync(new Uri(server.Address, "healthz"), cancellation);
        using var http = new HttpClient();

        await server.SignalAsync("INT", cancellation);
        await Eventually.IsTrueAsync(async () =>
        {
            using var response = await http.GetAsync(new Uri(server.Address, "healthz"), cancellation);
            return response.StatusCode == HttpStatusCode.ServiceUnavailable;
        });
        await server.SignalAsync("INT", cancellation);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_limit);
        Assert.Equal(130, await server.WaitForExitAsync(limit.Token));
    }

    private static Task<ServerProcess> StartWithLongDelayAsync() => ServerProcess.StartAsync(
        Programs.RemoteMcp, ["serve", "--set", "RemoteMcp:Http:ShutdownDelay=00:05:00"], TestContext.Current.CancellationToken);
}
