using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Storage;
using Xunit;

namespace RemoteMcp.Tests.Storage;

public sealed class StateLeaseTests
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly MemoryStateStore _store;

    public StateLeaseTests() => _store = new MemoryStateStore(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_one_owner_at_a_time_holds_the_lease()
    {
        var (first, second) = (Lease("first"), Lease("second"));
        Assert.True(await first.TryAcquireAsync(s_minute, Cancel));
        Assert.False(await second.TryAcquireAsync(s_minute, Cancel));
        Assert.True(first.IsHeld);
        Assert.False(second.IsHeld);
    }

    [Fact]
    public async Task Leases_with_different_names_are_independent()
    {
        Assert.True(await Lease("first").TryAcquireAsync(s_minute, Cancel));
        Assert.True(await new StateLease(_store, _time, "another", "second").TryAcquireAsync(s_minute, Cancel));
    }

    [Fact]
    public async Task Another_owner_can_take_an_expired_lease()
    {
        var (dead, heir) = (Lease("dead"), Lease("heir"));
        await dead.TryAcquireAsync(s_minute, Cancel);

        _time.Advance(s_minute);

        Assert.False(dead.IsHeld);
        Assert.True(await heir.TryAcquireAsync(s_minute, Cancel));
        Assert.False(await dead.TryAcquireAsync(s_minute, Cancel));
    }

    [Fact]
    public async Task A_lease_that_is_renewed_in_time_does_not_expire()
    {
        var (first, second) = (Lease("first"), Lease("second"));
        for (var i = 0; i < 5; i++)
        {
            Assert.True(await first.TryAcquireAsync(s_minute, Cancel));
            _time.Advance(s_minute - TimeSpan.FromSeconds(1));
            Assert.False(await second.TryAcquireAsync(s_minute, Cancel));
        }

        Assert.True(first.IsHeld);
    }

    [Fact]
    public async Task An_owner_can_take_its_expired_lease_again_if_it_is_free()
    {
        var lease = Lease("owner");
        await lease.TryAcquireAsync(s_minute, Cancel);
        _time.Advance(s_minute * 2);
        Assert.True(await lease.TryAcquireAsync(s_minute, Cancel));
        Assert.Equal(_time.GetUtcNow() + s_minute, lease.HeldUntil);
    }

    [Fact]
    public async Task A_released_lease_is_free_immediately()
    {
        var (first, second) = (Lease("first"), Lease("second"));
        await first.TryAcquireAsync(s_minute, Cancel);

        await first.ReleaseAsync(Cancel);

        Assert.False(first.IsHeld);
        Assert.True(await second.TryAcquireAsync(s_minute, Cancel));
    }

    [Fact]
    public async Task Releasing_a_lost_lease_does_not_affect_its_new_owner()
    {
        var (late, heir) = (Lease("late"), Lease("heir"));
        await late.TryAcquireAsync(s_minute, Cancel);
        _time.Advance(s_minute);
        await heir.TryAcquireAsync(s_minute, Cancel);

        await late.ReleaseAsync(Cancel);
        await Lease("never").ReleaseAsync(Cancel);

        Assert.True(heir.IsHeld);
        Assert.False(await Lease("third").TryAcquireAsync(s_minute, Cancel));
    }

    [Fact]
    public async Task Only_one_of_concurrent_owners_gets_the_lease()
    {
        var leases = Enumerable.Range(0, 20).Select(i => Lease($"{i}")).ToArray();
        var got = await Task.WhenAll(leases.Select(lease => Task.Run(() => lease.TryAcquireAsync(s_minute, Cancel), Cancel)));
        Assert.Single(got, won => won);
    }

    [Fact]
    public async Task The_row_of_a_lease_names_its_owner()
    {
        await Lease("machine/42").TryAcquireAsync(s_minute, Cancel);
        var row = await _store.FindAsync(new StateKey(StateLease.Table, "test", "lease"), Cancel);
        Assert.Contains("machine/42", row!.Body.ToString(), StringComparison.Ordinal);
    }

    private StateLease Lease(string owner) => new(_store, _time, "test", owner);
}
