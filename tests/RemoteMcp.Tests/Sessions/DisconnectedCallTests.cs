using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Fleet;
using RemoteMcp.Sessions;
using RemoteMcp.Storage;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Sessions;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions;

/// <summary>
/// Tests that calls continue if their client disconnects without cancelling them: "Disconnection SHOULD NOT be interpreted as the client
/// cancelling its request" (2025-11-25, Transports, "Sending Messages to the Server").
/// </summary>
public sealed class DisconnectedCallTests : IAsyncLifetime
{
    private readonly WireClient _client = new();
    private readonly StopSignal _stopSignal = new();
    private InProcessFleet _fleet = null!;

    private Uri A => _fleet.Urls[0];

    private Uri B => _fleet.Urls[1];

    private RunningCalls Running => _fleet.Service<RunningCalls>(0);

    public async ValueTask InitializeAsync()
    {
        // The grace period is long enough for the test to release the call that a stopping instance waits for.
        _fleet = await InProcessFleet.StartAsync(
            2, new MemoryStateStore(TimeProvider.System), Configure, Cancellation,
            ("RemoteMcp:Http:ShutdownGrace", "00:01:00"), ("RemoteMcp:Sessions:EventFlush", "00:00:00.1"));
        await _client.InitializeAsync(A);

        void Configure(IServiceCollection services) =>
            services.AddSingleton<IHostedService>(_stopSignal)
                .Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromMinutes(2));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _fleet.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_disconnected_call_can_be_cancelled_on_any_instance(int instance)
    {
        var last = await CallAndDisconnectAsync("wait");
        using var resumed = await _client.GetAsync(B, last);
        Assert.True(Running.Contains(_client.InternalSessionId, new RequestId(1)));

        using var cancelled = await _client.PostAsync(
            _fleet.Urls[instance], """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");

        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        await Eventually.IsTrueAsync(() => !Running.Contains(_client.InternalSessionId, new RequestId(1)));
    }

    [Fact]
    public async Task A_stopping_instance_waits_for_a_disconnected_call_and_stores_its_answer()
    {
        var last = await CallAndDisconnectAsync("hold");

        var stopping = _fleet.StopAsync(0, Cancellation);
        await _stopSignal.Stopping.WaitAsync(Cancellation);
        // On a slow machine, this check proves less, but it never fails wrongly: only the end of the call, or a minute, ends the wait.
        await Assert.ThrowsAsync<TimeoutException>(() => stopping.WaitAsync(TimeSpan.FromSeconds(0.5), Cancellation));
        _fleet.Rendezvous.Release();
        await stopping;

        using var resumed = await _client.GetAsync(B, last);
        Assert.Equal("released", Text(await AnswerAsync(resumed, 1)));
    }

    [Fact]
    public async Task Polling_demand_is_urgent_until_a_disconnected_call_ends()
    {
        await CallAndDisconnectAsync("wait");
        var demand = _fleet.Service<PollingDemand>(0);

        await Eventually.IsTrueAsync(() => demand.IsUrgent);
        using var cancelled = await _client.PostAsync(
            A, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");
        await Eventually.IsTrueAsync(() => !demand.IsUrgent);
        await Eventually.IsTrueAsync(() => !Running.Contains(_client.InternalSessionId, new RequestId(1)));
    }

    [Fact]
    public async Task A_long_disconnected_call_keeps_its_session_in_memory()
    {
        var time = new FakeTimeProvider();
        var shown = 0;
        await using var fleet = await InProcessFleet.StartAsync(
            1, new MemoryStateStore(TimeProvider.System), Configure, Cancellation, ("RemoteMcp:Sessions:IdleInMemory", "00:00:10"));
        using var unused = new WireClient();
        await unused.InitializeAsync(fleet.Urls[0]);
        using var client = new WireClient();
        await client.InitializeAsync(fleet.Urls[0]);
        var last = await CallAndDisconnectAsync("hold", fleet, client);

        var steps = 0;
        await Eventually.IsTrueAsync(async () =>
        {
            // The time advances by the interval at which the call reports that its session is in use.
            time.Advance(TimeSpan.FromSeconds(2.5));
            steps++;
            await Eventually.IsTrueAsync(() => Volatile.Read(ref shown) == steps);
            return !fleet.Service<LiveSessions>(0).TryGet(unused.InternalSessionId, out _);
        });

        Assert.True(fleet.Service<RunningCalls>(0).Contains(client.InternalSessionId, new RequestId(1)));
        fleet.Rendezvous.Release();
        using var resumed = await client.GetAsync(fleet.Urls[0], last);
        Assert.Equal("released", Text(await AnswerAsync(resumed, 1)));

#pragma warning disable MCP9006 // The test checks how the SDK keeps sessions.
        void Configure(IServiceCollection services)
        {
            services.Configure<HttpServerTransportOptions>(http => http.TimeProvider = time);
            services.Configure<McpServerOptions>(mcp => mcp.Filters.Message.IncomingFilters.Add(next => (context, cancellationToken) =>
            {
                if (context.JsonRpcMessage is JsonRpcNotification { Method: "notifications/remote-mcp/in-use" })
                {
                    Interlocked.Increment(ref shown);
                }

                return next(context, cancellationToken);
            }));
        }
#pragma warning restore MCP9006
    }

    private Task<string> CallAndDisconnectAsync(string tool) => CallAndDisconnectAsync(tool, _fleet, _client);

    /// <summary>
    /// Calls a tool that does not end on its own, on the first instance, and disconnects after the first progress notification.
    /// </summary>
    /// <returns>The id of the last event that the client received.</returns>
    private static async Task<string> CallAndDisconnectAsync(string tool, InProcessFleet fleet, WireClient client)
    {
        string last;
        using (var call = await client.CallAsync(fleet.Urls[0], 1, tool))
        {
            last = (await ReadAsync(call).FirstAsync(
                static e => e.Message?["method"]?.GetValue<string>() == "notifications/progress", Cancellation)).Id!;
        }

        await Eventually.IsTrueAsync(() => fleet.DisconnectedRequests == 1);
        return last;
    }

    /// <summary>
    /// Signals that the host stops. It is registered after the server's services, so it stops directly before them, after the web server.
    /// </summary>
    private sealed class StopSignal : IHostedService
    {
        private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Stopping => _stopping.Task;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            _stopping.TrySetResult();
            return Task.CompletedTask;
        }
    }
}
