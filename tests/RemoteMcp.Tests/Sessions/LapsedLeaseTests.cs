using System.Net;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Fleet;
using RemoteMcp.Storage;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Sessions;
using RemoteMcp.Tests.Storage;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions;

/// <summary>Tests that an instance whose lease ended during a storage outage does not count as a dead instance.</summary>
public sealed class LapsedLeaseTests
{
    private readonly MemoryStateStore _memory = new(TimeProvider.System);

    [Fact]
    public async Task An_answer_waits_until_the_instance_that_asked_has_its_lease_again()
    {
        var store = new ControlledStore(_memory);
        await using var fleet = await InProcessFleet.StartAsync(2, store, Cancellation, ("RemoteMcp:Fleet:Lease", "00:00:03"));
        using var client = new WireClient();
        await client.InitializeAsync(fleet.Urls[0]);
        using var call = await client.CallAsync(fleet.Urls[0], 1, "ask", """{"question":"Name?"}""");
        var events = ReadAsync(call).GetAsyncEnumerator(Cancellation);
        var prompt = await NextRequestAsync(events);
        var asking = fleet.Service<FleetMembership>(0);
        await _memory.DeleteAsync(new StateKey(FleetMembership.Table, "fleet", asking.Id), Cancellation);

        Assert.Equal(HttpStatusCode.Accepted, await client.AnswerPromptAsync(fleet.Urls[1], prompt, "Ada"));
        Assert.Equal("Name? -> Ada", await TextOfAnswerAsync(events, 1));
    }

    [Fact]
    public async Task A_renewal_whose_response_was_lost_keeps_the_lease()
    {
        var time = new FakeTimeProvider();
        var store = new ControlledStore(new MemoryStateStore(time));
        using var fleet = new FleetMembership(store, Options.Create(new FleetOptions()), time);
        await fleet.EnsureLeaseAsync(Cancellation);
        store.After = (request, _) => throw new StateUnavailableException($"{request}: the response was lost.", TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromSeconds(3));
        await Assert.ThrowsAsync<StateUnavailableException>(() => fleet.EnsureLeaseAsync(Cancellation).AsTask());

        store.After = null;
        await fleet.EnsureLeaseAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(6));

        Assert.NotNull(await fleet.FindAsync(fleet.Id, Cancellation));
        Assert.NotEqual(0, fleet.Term);
        Assert.DoesNotContain(store.Requests, static request => request.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_renewal_that_completes_after_the_lease_ended_begins_a_new_term()
    {
        var time = new FakeTimeProvider();
        var store = new ControlledStore(new MemoryStateStore(time));
        using var fleet = new FleetMembership(store, Options.Create(new FleetOptions()), time);
        await fleet.EnsureLeaseAsync(Cancellation);
        var term = fleet.Term;
        time.Advance(TimeSpan.FromSeconds(6.9));
        store.Before = (request, _) =>
        {
            time.Advance(request == "REPLACE Instances" ? TimeSpan.FromSeconds(0.2) : TimeSpan.Zero);
            return Task.CompletedTask;
        };

        await fleet.EnsureLeaseAsync(Cancellation);

        Assert.NotEqual(term, fleet.Term);
    }

    [Fact]
    public async Task A_slow_instance_removes_an_ended_session_when_it_reads_its_inbox()
    {
        var store = new ControlledStore(_memory);
        await using var fleet = await InProcessFleet.StartAsync(2, store, Cancellation, ("RemoteMcp:Fleet:DeliveryTimeout", "00:00:01"));
        using var client = new WireClient();
        await client.InitializeAsync(fleet.Urls[0]);
        Assert.Equal("known", await client.TextAsync(fleet.Urls[1], 1, "echo", """{"text":"known"}"""));
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.Before = (request, cancellationToken) =>
            request == "QUERY Inbox" ? slow.Task.WaitAsync(cancellationToken) : Task.CompletedTask;

        using var deleted = await client.DeleteAsync(fleet.Urls[0]);
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        slow.SetResult();

        await Eventually.IsTrueAsync(async () =>
        {
            using var call = await client.CallAsync(fleet.Urls[1], 2, "echo", """{"text":"x"}""");
            return call.StatusCode == HttpStatusCode.NotFound;
        });
    }
}
