using RemoteMcp.Fleet;
using RemoteMcp.Sessions.Streams;
using RemoteMcp.Storage;
using RemoteMcp.Testing.Sessions;
using RemoteMcp.Tests.Storage;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions.Relay;

/// <summary>Tests that a call does not act after its client was told that the call's instance does not respond.</summary>
public sealed class CallFenceTests : IAsyncLifetime
{
    private readonly ControlledStore _store = new(new MemoryStateStore(TimeProvider.System));
    private readonly WireClient _client = new();
    private InProcessFleet _fleet = null!;

    public async ValueTask InitializeAsync()
    {
        _fleet = await InProcessFleet.StartAsync(1, _store, Cancellation, ("RemoteMcp:Http:ShutdownGrace", "00:00:00.2"));
        await _client.InitializeAsync(_fleet.Urls[0]);
    }

    public async ValueTask DisposeAsync()
    {
        _fleet.Rendezvous.Release();
        _client.Dispose();
        await _fleet.DisposeAsync();
    }

    [Fact]
    public async Task A_call_that_was_reported_as_gone_does_not_act()
    {
        using var call = await _client.CallAsync(_fleet.Urls[0], 1, "act");
        await using var events = ReadAsync(call).GetAsyncEnumerator(Cancellation);
        await RaiseAsync(await StreamAsync(events));
        await LapseAsync();
        _fleet.Rendezvous.Release();

        Assert.StartsWith("Nothing was done", await TextOfAnswerAsync(events, 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_was_not_reported_as_gone_acts_after_its_lease_lapsed()
    {
        using var call = await _client.CallAsync(_fleet.Urls[0], 1, "act");
        await using var events = ReadAsync(call).GetAsyncEnumerator(Cancellation);
        await StreamAsync(events);
        await LapseAsync();
        _fleet.Rendezvous.Release();

        Assert.Equal("acted", await TextOfAnswerAsync(events, 1));
    }

    [Fact]
    public async Task A_call_whose_instance_kept_its_lease_acts_without_a_transaction()
    {
        using var call = await _client.CallAsync(_fleet.Urls[0], 1, "act");
        await using var events = ReadAsync(call).GetAsyncEnumerator(Cancellation);
        await StreamAsync(events);
        _store.Before = static (request, cancellationToken) =>
            request == "FIND Events" ? ControlledStore.Down(request, cancellationToken) : Task.CompletedTask;
        _fleet.Rendezvous.Release();

        Assert.Equal("acted", await TextOfAnswerAsync(events, 1));
    }

    [Fact]
    public async Task A_call_does_not_act_while_the_storage_cannot_show_whether_it_may()
    {
        using var call = await _client.CallAsync(_fleet.Urls[0], 1, "act");
        await using var events = ReadAsync(call).GetAsyncEnumerator(Cancellation);
        await StreamAsync(events);
        await LapseAsync();
        _store.Before = static (request, cancellationToken) =>
            request == "FIND Events" ? ControlledStore.Down(request, cancellationToken) : Task.CompletedTask;
        _fleet.Rendezvous.Release();

        Assert.StartsWith("Nothing was done", await TextOfAnswerAsync(events, 1), StringComparison.Ordinal);
    }

    // The lease ends, and the instance takes it again.
    private async Task LapseAsync()
    {
        var membership = _fleet.Service<FleetMembership>(0);
        var term = membership.Term;
        await membership.ReleaseLeaseAsync(static () => false, Cancellation);
        await membership.EnsureLeaseAsync(Cancellation);
        Assert.NotEqual(term, membership.Term);
    }

    private Task RaiseAsync(string stream) =>
        _fleet.Service<CallFence>(0).RaiseAsync(_client.InternalSessionId, stream, Cancellation);

    private static async Task<string> StreamAsync(IAsyncEnumerator<(string? Id, System.Text.Json.Nodes.JsonNode? Message)> events)
    {
        string? id = null;
        while (await events.MoveNextAsync() && events.Current.Message?["method"]?.GetValue<string>() != "notifications/progress")
        {
            id = events.Current.Id;
        }

        Assert.True(EventId.TryParse(events.Current.Id ?? id!, out var parsed));
        return parsed.Stream;
    }
}
