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

/// <summary>Tests how long a cancellation is stored, and which call it ends.</summary>
public sealed class CancellationRowTests : IDisposable
{
    private static readonly RequestId s_request = new(1);

    private readonly MemoryStateStore _memory = new(TimeProvider.System);
    private readonly ControlledStore _store;
    private readonly WireClient _client = new();

    public CancellationRowTests() => _store = new ControlledStore(_memory);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task An_instance_without_a_lease_learns_later_that_a_call_was_cancelled()
    {
        await using var fleet = await InProcessFleet.StartAsync(2, _store, Cancellation, ("RemoteMcp:Fleet:Lease", "00:00:03"));
        using var call = await CallAsync(fleet, "wait");
        var running = fleet.Service<FleetMembership>(0);

        // Its row is removed two minutes after its lease has ended.
        _store.Before = (request, _) => request is "REPLACE Instances" or "INSERT Instances" or "QUERY Inbox"
            ? ControlledStore.Down(request, Cancellation)
            : Task.CompletedTask;
        await Eventually.IsTrueAsync(() => running.Term == 0);
        await _memory.DeleteAsync(new StateKey(FleetMembership.Table, "fleet", running.Id), Cancellation);
        await CancelAsync(fleet);
        Assert.True(IsRunning(fleet));
        var kept = (await FindAsync())!;
        Assert.Equal(running.Id, kept.Body.ToString());
        Assert.InRange(kept.ExpiresAt - DateTimeOffset.UtcNow, TimeSpan.FromHours(23), TimeSpan.FromHours(25));

        _store.Before = null;
        await Eventually.IsTrueAsync(() => !IsRunning(fleet));
        await Eventually.IsTrueAsync(async () => await FindAsync() is null);
    }

    [Fact]
    public async Task A_delivered_cancellation_leaves_no_row()
    {
        await using var fleet = await InProcessFleet.StartAsync(2, _store, Cancellation);
        using var call = await CallAsync(fleet, "wait");

        await CancelAsync(fleet);

        await Eventually.IsTrueAsync(() => !IsRunning(fleet));
        await Eventually.IsTrueAsync(async () => await FindAsync() is null);
    }

    [Fact]
    public async Task A_cancellation_for_another_instance_does_not_end_a_later_call()
    {
        await using var fleet = await InProcessFleet.StartAsync(1, _store, Cancellation);
        await _client.InitializeAsync(fleet.Urls[0]);
        await _memory.TryInsertAsync(
            CallRegistry.CancellationKey(_client.InternalSessionId, s_request),
            BinaryData.FromString("0123456789abcdef"),
            DateTimeOffset.UtcNow.AddHours(1),
            Cancellation);
        var sending = _client.CallAsync(fleet.Urls[0], 1, "hold");
        await IsStoredAsync();

        fleet.Rendezvous.Release();

        using var call = await sending;
        await AnswerAsync(call, 1);
    }

    private async Task<HttpResponseMessage> CallAsync(InProcessFleet fleet, string tool)
    {
        await _client.InitializeAsync(fleet.Urls[0]);
        var call = await _client.CallAsync(fleet.Urls[0], 1, tool);
        await IsStoredAsync();
        return call;
    }

    // The instance has stored the call, and then looks for a cancellation.
    private Task IsStoredAsync() => Eventually.IsTrueAsync(() => _store.Requests.Contains("FIND Events"));

    private async Task CancelAsync(InProcessFleet fleet)
    {
        using var cancelled = await _client.PostAsync(
            fleet.Urls[1], """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");
        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
    }

    private bool IsRunning(InProcessFleet fleet) => fleet.Service<RunningCalls>(0).Contains(_client.InternalSessionId, s_request);

    private Task<StateRow?> FindAsync() =>
        _memory.FindAsync(CallRegistry.CancellationKey(_client.InternalSessionId, s_request), Cancellation);
}
