using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using RemoteMcp.Relay;
using RemoteMcp.Sessions;
using RemoteMcp.State;
using Xunit;
using static RemoteMcp.Tests.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions;

/// <summary>
/// Calls whose client has left without cancelling them: "Disconnection SHOULD NOT be interpreted as the client cancelling its request"
/// (2025-11-25, Transports, "Sending Messages to the Server"). They go on, and so does everything that belongs to them.
/// </summary>
public sealed class DisconnectedCallTests : IAsyncLifetime
{
    private readonly WireClient _client = new();
    private Fleet _fleet = null!;

    private Uri A => _fleet.Urls[0];

    private Uri B => _fleet.Urls[1];

    private RunningCalls Running => _fleet.Service<RunningCalls>(0);

    public async ValueTask InitializeAsync()
    {
        _fleet = await Fleet.StartAsync(2, Cancellation, ("RemoteMcp:Http:ShutdownGrace", "00:00:20"), ("RemoteMcp:Sessions:EventFlush", "00:00:00.1"));
        await _client.InitializeAsync(A);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _fleet.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_cut_call_is_cancelled_from_any_instance(int instance)
    {
        var last = await CallAndLeaveAsync("wait");
        using var resumed = await _client.GetAsync(B, last);
        Assert.True(Running.Contains(InnerId, new RequestId(1)));

        using var cancelled = await _client.PostAsync(_fleet.Urls[instance], """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");

        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        await Eventually.IsTrueAsync(() => !Running.Contains(InnerId, new RequestId(1)));
    }

    [Fact]
    public async Task An_instance_that_stops_lets_a_cut_call_end_and_its_answer_is_read_elsewhere()
    {
        var last = await CallAndLeaveAsync("count", """{"n":8,"pauseMs":200}""");

        await _fleet.StopAsync(0, Cancellation);

        using var resumed = await _client.GetAsync(B, last);
        Assert.Equal("counted 8", Text(await AnswerAsync(resumed, 1)));
    }

    [Fact]
    public async Task An_instance_is_attentive_to_a_cut_call_until_it_has_ended()
    {
        await CallAndLeaveAsync("wait");
        var attention = _fleet.Service<Attention>(0);

        await Eventually.IsTrueAsync(() => attention.IsUrgent);
        using var cancelled = await _client.PostAsync(A, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");
        await Eventually.IsTrueAsync(() => !attention.IsUrgent);
        Assert.False(Running.Contains(InnerId, new RequestId(1)));
    }

    [Fact]
    public async Task A_cut_call_that_takes_longer_than_unused_sessions_stay_in_memory_is_not_ended_with_its_session()
    {
        await using var fleet = await Fleet.StartAsync(1, new MemoryStateStore(TimeProvider.System), FiveTimesFaster, Cancellation, ("RemoteMcp:Sessions:IdleInMemory", "00:00:10"));
        using var client = new WireClient();
        await client.InitializeAsync(fleet.Urls[0]);
        string last;
        using (var call = await client.CallAsync(fleet.Urls[0], 1, "count", """{"n":10,"pauseMs":600}"""))
        {
            last = (await ReadAsync(call).FirstAsync(static e => e.Message?["method"]?.GetValue<string>() == "notifications/progress", Cancellation)).Id!;
        }

        await Eventually.IsTrueAsync(() => !fleet.Service<RunningCalls>(0).Contains(client.Session![..client.Session!.LastIndexOf('.')], new RequestId(1)));

        using var resumed = await client.GetAsync(fleet.Urls[0], last);
        Assert.Equal("counted 10", Text(await AnswerAsync(resumed, 1)));
    }

#pragma warning disable MCP9006 // What is tested is how the SDK keeps sessions.
    private static void FiveTimesFaster(IServiceCollection services) =>
        services.Configure<HttpServerTransportOptions>(static http => http.TimeProvider = new FasterTime(5));
#pragma warning restore MCP9006

    private string InnerId => _client.Session![.._client.Session!.LastIndexOf('.')];

    /// <summary>Calls a tool of A and leaves at its first progress.</summary>
    /// <returns>The id of the last event that was seen.</returns>
    private async Task<string> CallAndLeaveAsync(string tool, string arguments = "{}")
    {
        string last;
        using (var call = await _client.CallAsync(A, 1, tool, arguments))
        {
            last = (await ReadAsync(call).FirstAsync(static e => e.Message?["method"]?.GetValue<string>() == "notifications/progress", Cancellation)).Id!;
        }

        await Eventually.IsTrueAsync(() => _fleet.Left == 1);
        return last;
    }

    private sealed class FasterTime(int factor) : TimeProvider
    {
        public override long GetTimestamp() => System.GetTimestamp() * factor;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, Faster(dueTime), Faster(period));

        private TimeSpan Faster(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / factor;
    }
}
