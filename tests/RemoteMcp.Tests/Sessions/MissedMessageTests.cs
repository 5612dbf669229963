using System.Net;
using ModelContextProtocol.Protocol;
using RemoteMcp.Fleet;
using RemoteMcp.Sessions;
using RemoteMcp.Storage;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Sessions;
using RemoteMcp.Tests.Storage;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions;

/// <summary>Tests messages that an instance missed while it had no lease.</summary>
public sealed class MissedMessageTests
{
    [Fact]
    public async Task An_instance_that_had_no_lease_still_learns_that_a_session_ended()
    {
        await using var fleet = await InProcessFleet.StartAsync(2, Cancellation);
        using var client = new WireClient();
        await client.InitializeAsync(fleet.Urls[0]);
        Assert.Equal("x", await client.TextAsync(fleet.Urls[0], 1, "echo", """{"text":"x"}"""));

        await fleet.Service<FleetMembership>(0).ReleaseLeaseAsync(static () => false, Cancellation);
        await client.DeleteAsync(fleet.Urls[1]);
        await fleet.Service<FleetMembership>(0).EnsureLeaseAsync(Cancellation);

        using var gone = await client.CallAsync(fleet.Urls[0], 2, "echo", """{"text":"x"}""");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task An_instance_that_had_no_lease_still_learns_the_new_log_level()
    {
        await using var fleet = await InProcessFleet.StartAsync(2, Cancellation);
        using var client = new WireClient();
        await client.InitializeAsync(fleet.Urls[0]);
        Assert.Equal("none", await client.TextAsync(fleet.Urls[0], 1, "level"));

        await fleet.Service<FleetMembership>(0).ReleaseLeaseAsync(static () => false, Cancellation);
        using var set = await client.PostAsync(
            fleet.Urls[1], """{"jsonrpc":"2.0","id":2,"method":"logging/setLevel","params":{"level":"warning"}}""");
        await AnswerAsync(set, 2);
        await fleet.Service<FleetMembership>(0).EnsureLeaseAsync(Cancellation);

        Assert.Equal("Warning", await client.TextAsync(fleet.Urls[0], 3, "level"));
    }

    [Fact]
    public async Task An_instance_that_had_no_lease_still_learns_that_a_call_was_cancelled()
    {
        var memory = new MemoryStateStore(TimeProvider.System);
        var store = new ControlledStore(memory);
        await using var fleet = await InProcessFleet.StartAsync(2, store, Cancellation, ("RemoteMcp:Fleet:Lease", "00:00:03"));
        using var client = new WireClient();
        await client.InitializeAsync(fleet.Urls[0]);
        using var call = await client.CallAsync(fleet.Urls[0], 1, "wait");
        await Eventually.IsTrueAsync(() => store.Requests.Contains("FIND Events"));
        var running = fleet.Service<FleetMembership>(0);

        // Its row is removed two minutes after its lease has ended.
        store.Before = (request, _) => request is "REPLACE Instances" or "INSERT Instances" or "QUERY Inbox"
            ? ControlledStore.Down(request, Cancellation)
            : Task.CompletedTask;
        await Eventually.IsTrueAsync(() => running.Term == 0);
        await memory.DeleteAsync(new StateKey(FleetMembership.Table, "fleet", running.Id), Cancellation);
        using var cancelled = await client.PostAsync(
            fleet.Urls[1], """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");
        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        Assert.True(fleet.Service<RunningCalls>(0).Contains(client.InternalSessionId, new RequestId(1)));
        var kept = (await CancellationsAsync())[0];
        Assert.Equal(running.Id, kept.Body.ToString());
        Assert.InRange(kept.ExpiresAt - DateTimeOffset.UtcNow, TimeSpan.FromHours(23), TimeSpan.FromHours(25));

        store.Before = null;
        await Eventually.IsTrueAsync(() => !fleet.Service<RunningCalls>(0).Contains(client.InternalSessionId, new RequestId(1)));
        await Eventually.IsTrueAsync(async () => (await CancellationsAsync()).Count == 0);

        ValueTask<List<StateRow>> CancellationsAsync() => memory
            .QueryAsync("Events", client.InternalSessionId, default, Cancellation)
            .Where(static row => row.Key.Row.StartsWith("Cancelled|", StringComparison.Ordinal))
            .ToListAsync(Cancellation);
    }

    [Fact]
    public async Task A_delivered_cancellation_leaves_no_row()
    {
        var memory = new MemoryStateStore(TimeProvider.System);
        var store = new ControlledStore(memory);
        await using var fleet = await InProcessFleet.StartAsync(2, store, Cancellation);
        using var client = new WireClient();
        await client.InitializeAsync(fleet.Urls[0]);
        using var call = await client.CallAsync(fleet.Urls[0], 1, "wait");
        await Eventually.IsTrueAsync(() => store.Requests.Contains("FIND Events"));

        using var cancelled = await client.PostAsync(
            fleet.Urls[1], """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");

        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        await Eventually.IsTrueAsync(() => !fleet.Service<RunningCalls>(0).Contains(client.InternalSessionId, new RequestId(1)));
        await Eventually.IsTrueAsync(async () =>
            await memory.FindAsync(CallRegistry.CancellationKey(client.InternalSessionId, new RequestId(1)), Cancellation) is null);
    }

    [Fact]
    public async Task A_cancellation_for_another_instance_does_not_end_a_later_call()
    {
        var memory = new MemoryStateStore(TimeProvider.System);
        var store = new ControlledStore(memory);
        await using var fleet = await InProcessFleet.StartAsync(1, store, Cancellation);
        using var client = new WireClient();
        await client.InitializeAsync(fleet.Urls[0]);
        await memory.TryInsertAsync(
            CallRegistry.CancellationKey(client.InternalSessionId, new RequestId(1)),
            BinaryData.FromString("0123456789abcdef"),
            DateTimeOffset.UtcNow.AddHours(1),
            Cancellation);
        var sending = client.CallAsync(fleet.Urls[0], 1, "hold");
        await Eventually.IsTrueAsync(() => store.Requests.Contains("FIND Events"));

        fleet.Rendezvous.Release();

        using var call = await sending;
        await AnswerAsync(call, 1);
    }
}
