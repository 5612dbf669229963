using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Storage;
using Xunit;

namespace RemoteMcp.Tests.Storage;

public sealed class StateLeaseTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly MemoryStateStore _store;

    public StateLeaseTests() => _store = new MemoryStateStore(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_owner_at_a_time_holds_it()
    {
        var (first, second) = (Lease("first"), Lease("second"));
        Assert.True(await first.TryAcquireAsync(Minute, Cancel));
        Assert.False(await second.TryAcquireAsync(Minute, Cancel));
        Assert.True(first.IsHeld);
        Assert.False(second.IsHeld);
    }

    [Fact]
    public async Task Leases_of_different_names_do_not_meet()
    {
        Assert.True(await Lease("first").TryAcquireAsync(Minute, Cancel));
        Assert.True(await new StateLease(_store, _time, "another", "second").TryAcquireAsync(Minute, Cancel));
    }

    [Fact]
    public async Task It_ends_by_itself_and_another_takes_it()
    {
        var (dead, heir) = (Lease("dead"), Lease("heir"));
        await dead.TryAcquireAsync(Minute, Cancel);

        _time.Advance(Minute);

        Assert.False(dead.IsHeld);
        Assert.True(await heir.TryAcquireAsync(Minute, Cancel));
        Assert.False(await dead.TryAcquireAsync(Minute, Cancel));
    }

    [Fact]
    public async Task Renewed_in_time_it_lasts()
    {
        var (first, second) = (Lease("first"), Lease("second"));
        for (var i = 0; i < 5; i++)
        {
            Assert.True(await first.TryAcquireAsync(Minute, Cancel));
            _time.Advance(Minute - TimeSpan.FromSeconds(1));
            Assert.False(await second.TryAcquireAsync(Minute, Cancel));
        }

        Assert.True(first.IsHeld);
    }

    [Fact]
    public async Task Its_owner_takes_it_again_after_it_ended_if_nobody_else_did()
    {
        var lease = Lease("owner");
        await lease.TryAcquireAsync(Minute, Cancel);
        _time.Advance(Minute * 2);
        Assert.True(await lease.TryAcquireAsync(Minute, Cancel));
        Assert.Equal(_time.GetUtcNow() + Minute, lease.HeldUntil);
    }

    [Fact]
    public async Task Given_up_it_is_free_at_once()
    {
        var (first, second) = (Lease("first"), Lease("second"));
        await first.TryAcquireAsync(Minute, Cancel);

        await first.ReleaseAsync(Cancel);

        Assert.False(first.IsHeld);
        Assert.True(await second.TryAcquireAsync(Minute, Cancel));
    }

    [Fact]
    public async Task Giving_up_what_one_has_lost_takes_it_from_nobody()
    {
        var (late, heir) = (Lease("late"), Lease("heir"));
        await late.TryAcquireAsync(Minute, Cancel);
        _time.Advance(Minute);
        await heir.TryAcquireAsync(Minute, Cancel);

        await late.ReleaseAsync(Cancel);
        await Lease("never").ReleaseAsync(Cancel);

        Assert.True(heir.IsHeld);
        Assert.False(await Lease("third").TryAcquireAsync(Minute, Cancel));
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_one_gets_it()
    {
        var leases = Enumerable.Range(0, 20).Select(i => Lease($"{i}")).ToArray();
        var got = await Task.WhenAll(leases.Select(lease => Task.Run(() => lease.TryAcquireAsync(Minute, Cancel), Cancel)));
        Assert.Single(got, won => won);
    }

    [Fact]
    public async Task Its_row_names_the_owner()
    {
        await Lease("machine/42").TryAcquireAsync(Minute, Cancel);
        var row = await _store.FindAsync(new StateKey(StateLease.Table, "test", "lease"), Cancel);
        Assert.Contains("machine/42", row!.Body.ToString(), StringComparison.Ordinal);
    }

    private StateLease Lease(string owner) => new(_store, _time, "test", owner);
}
