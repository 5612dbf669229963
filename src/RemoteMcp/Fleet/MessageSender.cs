using Microsoft.Extensions.Options;

namespace RemoteMcp.Fleet;

/// <summary>Specifies how long a sender waits, and what becomes of a message that was not handled in time.</summary>
internal enum SenderWait
{
    /// <summary>Until the receiver has handled the message, or its lease has ended. The message is then withdrawn.</summary>
    WhileLeased,

    /// <summary>Until the receiver has handled the message, with or without a lease. The message is then withdrawn.</summary>
    Regardless,

    /// <summary>Until the receiver has handled the message, or its lease has ended. The message stays.</summary>
    AndKeep,
}

/// <summary>Sends one message to one instance and waits for its result (<see cref="Inbox"/>).</summary>
internal sealed class MessageSender(
    InboxRows rows, FleetMembership fleet, StorageWatch storage, IOptions<FleetOptions> options, TimeProvider time)
{
    private static readonly TimeSpan s_leasePollInterval = TimeSpan.FromMilliseconds(500);

    // Instances agree on an expiry only to within a second, and a correction of the storage's clock can add another.
    private static readonly TimeSpan s_expiryTolerance = TimeSpan.FromSeconds(5);

    /// <summary>Sends a message, and waits at most for the timeout. Time in which the storage is stalled does not count.</summary>
    public async Task<Delivery> SendAsync(
        InstanceLease lease, InboxMessage message, TimeSpan timeout, SenderWait wait, CancellationToken cancellationToken)
    {
        var inserted = time.GetTimestamp();
        var (key, etag) = await storage.RunAsync(
            () => rows.InsertAsync(lease.Instance, message with { MustClaim = wait != SenderWait.AndKeep }, cancellationToken));
        var pause = FirstPause(wait);
        long? leaseRead = null;
        var hasEnded = false;
        var isClaimed = false;
        for (var waited = TimeSpan.Zero; waited < timeout && !hasEnded; pause = NextPause(pause, wait))
        {
            await Task.Delay(pause, time, cancellationToken);
            var asked = time.GetTimestamp();
            var state = await StateAsync();
            // The receiver could not do anything while the storage was stalled.
            waited += pause + storage.ResponseTime(asked);
            if (await ResultAsync(state) is { } result)
            {
                return result;
            }

            isClaimed = state == InboxRowState.Claimed;
            if (wait != SenderWait.Regardless && !isClaimed && !lease.IsLive(time.GetUtcNow()) && IsLeaseReadDue())
            {
                leaseRead = time.GetTimestamp();
                var renewed = await storage.RunAsync(() => fleet.FindAsync(lease.Instance, cancellationToken));
                lease = renewed ?? lease;
                hasEnded = renewed?.IsLive(time.GetUtcNow()) != true && storage.AllowedRenewals;
            }
        }

        if (wait == SenderWait.AndKeep)
        {
            return Delivery.TimedOut;
        }

        // Either the sender deletes the message here, or the receiver has claimed it.
        if (!isClaimed && await storage.RunAsync(() => rows.TryWithdrawAsync(key, etag!, cancellationToken)))
        {
            return hasEnded ? Delivery.Refused : Delivery.TimedOut;
        }

        return await ResultAsync(await StateAsync()) ?? Delivery.Unknown;

        Task<InboxRowState?> StateAsync() => storage.RunAsync(() => rows.FindAsync(key, cancellationToken));

        bool IsLeaseReadDue() => leaseRead is not { } read || time.GetElapsedTime(read) >= s_leasePollInterval;

        async Task<Delivery?> ResultAsync(InboxRowState? state)
        {
            switch (state)
            {
                case null:
                    // The receiver deletes the row of a message that it has handled. The row may also have expired.
                    return time.GetElapsedTime(inserted) < InboxRows.Lifetime - s_expiryTolerance ? Delivery.Done : Delivery.Unknown;
                case InboxRowState.Refused or InboxRowState.NotHandled or InboxRowState.Failed:
                    await rows.DeleteAsync(key, cancellationToken);
                    return state switch
                    {
                        InboxRowState.Refused => Delivery.Refused,
                        InboxRowState.NotHandled => Delivery.TimedOut,
                        _ => Delivery.Unknown,
                    };
                default:
                    return null;
            }
        }
    }

    // A message that stays goes to receivers that usually poll at the idle interval. Fewer reads save storage transactions.
    private TimeSpan FirstPause(SenderWait wait) => wait == SenderWait.AndKeep ? options.Value.PollMin * 4 : options.Value.PollMin;

    private TimeSpan NextPause(TimeSpan pause, SenderWait wait) =>
        wait != SenderWait.AndKeep ? options.Value.NextPause(pause)
        : pause * 2 < options.Value.PollIdle ? pause * 2
        : options.Value.PollIdle;
}
