using RemoteMcp.Fleet;
using RemoteMcp.Storage;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions.Relay;

/// <summary>Tests what the sender of a message reports when the storage is stalled, or the receiver is paused or gone.</summary>
public sealed class InboxTests : IDisposable
{
    private static readonly InboxMessage s_message = new(InboxKind.Deliver, "session", Payload: "{}");
    private static readonly TimeSpan s_stall = TimeSpan.FromSeconds(10);

    private readonly AutoAdvancingTime _time = new();
    private readonly InboxHost _sender;
    private readonly InboxHost _receiver;

    public InboxTests()
    {
        var shared = new MemoryStateStore(_time);
        (_sender, _receiver) = (new InboxHost(shared, _time), new InboxHost(shared, _time));
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    [Fact]
    public async Task A_stall_during_the_first_read_does_not_end_the_wait_for_the_lease()
    {
        var reads = 0;
        _sender.Store.After = async (request, _) =>
        {
            if (request == "FIND Instances" && ++reads == 1)
            {
                _time.Advance(s_stall);
            }
            else if (reads >= 3)
            {
                await _receiver.PollAsync(Cancellation);
            }
        };

        Assert.Equal(Delivery.Done, await _sender.Inbox.SendUnrepeatableAsync(_receiver.Id, s_message, Cancellation));
    }

    [Fact]
    public async Task A_lease_that_lapsed_during_a_stall_does_not_end_the_wait_for_the_result()
    {
        await _receiver.Membership.EnsureLeaseAsync(Cancellation);
        var reads = 0;
        _sender.Store.Before = async (request, _) =>
        {
            if (request == "FIND Inbox")
            {
                reads++;
                _time.Advance(reads == 2 ? s_stall : TimeSpan.Zero);
            }

            if (reads == 6)
            {
                await _receiver.PollAsync(Cancellation);
            }
        };

        Assert.Equal(Delivery.Done, await _sender.Inbox.SendAsync(_receiver.Id, s_message, Cancellation));
    }

    [Fact]
    public async Task An_answer_for_a_paused_instance_is_withdrawn_and_not_refused()
    {
        await _receiver.Membership.EnsureLeaseAsync(Cancellation);
        _time.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal(Delivery.TimedOut, await _sender.Inbox.SendUnrepeatableAsync(_receiver.Id, s_message, Cancellation));
        Assert.Empty(await _receiver.PollAsync(Cancellation));
    }

    [Fact]
    public async Task An_answer_for_an_instance_that_gave_up_its_lease_is_refused()
    {
        await _receiver.Membership.EnsureLeaseAsync(Cancellation);
        await _receiver.Membership.ReleaseLeaseAsync(static () => false, Cancellation);

        Assert.Equal(Delivery.Refused, await _sender.Inbox.SendUnrepeatableAsync(_receiver.Id, s_message, Cancellation));
    }

    [Fact]
    public async Task An_answer_is_refused_only_if_the_storage_gave_the_receiver_time_for_its_lease()
    {
        var reads = 0;
        var stallEnded = DateTimeOffset.MinValue;
        _sender.Store.After = (request, _) =>
        {
            if (request == "FIND Instances" && ++reads == 7)
            {
                _time.Advance(s_stall);
                stallEnded = _time.GetUtcNow();
            }

            return Task.CompletedTask;
        };

        Assert.Equal(Delivery.Refused, await _sender.Inbox.SendUnrepeatableAsync(_receiver.Id, s_message, Cancellation));
        Assert.InRange(_time.GetUtcNow() - stallEnded, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_message_for_an_instance_that_died_during_the_wait_is_refused()
    {
        await _receiver.Membership.EnsureLeaseAsync(Cancellation);

        Assert.Equal(Delivery.TimedOut, await _sender.Inbox.SendAsync(_receiver.Id, s_message, Cancellation));
        Assert.Equal(Delivery.Refused, await _sender.Inbox.SendAsync(_receiver.Id, s_message, Cancellation));
    }

    [Fact]
    public async Task A_storage_failure_is_not_reported_as_a_refusal()
    {
        await _receiver.Membership.EnsureLeaseAsync(Cancellation);
        _sender.Store.IsDown = true;

        await Assert.ThrowsAsync<StateUnavailableException>(
            () => _sender.Inbox.SendUnrepeatableAsync(_receiver.Id, s_message, Cancellation));
    }

    [Fact]
    public async Task A_broadcast_reaches_an_instance_whose_lease_lapsed()
    {
        await _receiver.Membership.EnsureLeaseAsync(Cancellation);
        _time.Advance(TimeSpan.FromSeconds(8));

        await _sender.Inbox.BroadcastAsync(s_message, Cancellation);

        Assert.Single(await _receiver.PollAsync(Cancellation));
    }

    [Fact]
    public async Task A_message_that_is_kept_reaches_an_instance_whose_lease_lapsed()
    {
        await _receiver.Membership.EnsureLeaseAsync(Cancellation);
        _time.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal(Delivery.TimedOut, await _sender.Inbox.SendAndKeepAsync(_receiver.Id, s_message, Cancellation));

        Assert.Single(await _receiver.PollAsync(Cancellation));
    }

    [Fact]
    public async Task The_lease_of_an_earlier_version_ends_with_its_row()
    {
        var shared = new MemoryStateStore(_time);
        var key = new StateKey(FleetMembership.Table, "fleet", "0123456789abcdef");
        await shared.TryInsertAsync(key, BinaryData.FromString("{}"), _time.GetUtcNow() + TimeSpan.FromSeconds(7), Cancellation);

        var lease = InstanceLease.Of((await shared.FindAsync(key, Cancellation))!);

        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(7), lease.EndsAt);
    }
}
