using System.Text.Json;
using Microsoft.Extensions.Options;
using RemoteMcp.Storage;

namespace RemoteMcp.Fleet;

/// <summary>Specifies the result of sending a message to another instance.</summary>
internal enum Delivery
{
    /// <summary>The receiver handled the message.</summary>
    Done,

    /// <summary>The receiver is gone, or does not have the session, stream, or call that the message is for. It did nothing.</summary>
    Refused,

    /// <summary>
    /// The receiver did not handle the message in time. The sender has deleted the message, unless it left the message to be handled late.
    /// </summary>
    TimedOut,
}

/// <summary>Sends messages to other instances, and reads the messages for this instance.</summary>
/// <remarks>
/// <para>
/// Each instance has an inbox: a partition of the table <see cref="Table"/> whose partition key is the instance ID. Any other instance can
/// insert a row, and polls only that row for the result. The receiver polls the whole partition. It deletes a row when it has handled the
/// message, or replaces the body with a mark when it refuses the message.
/// </para>
/// <para>
/// The sender polls its row until the row is gone (<see cref="Delivery.Done"/>), until it has the mark or the receiver's lease has ended
/// (<see cref="Delivery.Refused"/>), or until the timeout (<see cref="Delivery.TimedOut"/>). After a timeout, the sender deletes its row,
/// so that the receiver cannot handle the message later. Messages that may be handled late stay in the inbox. If the sender's own request
/// is cancelled, the row stays until it expires, and the receiver may still handle the message.
/// </para>
/// </remarks>
internal sealed class Inbox(IStateStore store, FleetMembership fleet, IOptions<FleetOptions> options, TimeProvider time)
{
    public const string Table = "Inbox";

    private const int PageSize = 50;
    private static readonly TimeSpan s_leasePollInterval = TimeSpan.FromMilliseconds(500);

    // How long a message stays in the inbox when it may be handled late. It is much longer than a lease.
    private static readonly TimeSpan s_keepTime = TimeSpan.FromMinutes(1);
    private static readonly BinaryData s_refusedMark = BinaryData.FromString("\"refused\"");
    private long _sequence;

    /// <summary>Sends a message and waits for the result, at most for the delivery timeout and while the receiver has its lease.</summary>
    public async Task<Delivery> SendAsync(string instance, InboxMessage message, CancellationToken cancellationToken) =>
        await fleet.FindAsync(instance, cancellationToken) is { } lease
            ? await SendToLiveAsync(lease, message, options.Value.DeliveryTimeout, keepAfterTimeout: false, cancellationToken)
            : Delivery.Refused;

    /// <summary>
    /// Sends a message like <see cref="SendAsync"/>, but leaves it in the inbox after a timeout, because it may be handled late.
    /// </summary>
    public async Task<Delivery> SendAndKeepAsync(string instance, InboxMessage message, CancellationToken cancellationToken) =>
        await fleet.FindAsync(instance, cancellationToken) is { } lease
            ? await SendToLiveAsync(lease, message, options.Value.DeliveryTimeout, keepAfterTimeout: true, cancellationToken)
            : Delivery.Refused;

    /// <summary>
    /// Sends a message that the client cannot repeat, such as a user's answer to an elicitation. A receiver without a lease may be alive:
    /// an outage of the storage can keep it from renewing its lease. This method therefore waits, at most for the delivery timeout, until
    /// the receiver has a lease. It then waits for the result, at most for the duration of a lease plus the delivery timeout.
    /// </summary>
    public async Task<Delivery> SendUnrepeatableAsync(string instance, InboxMessage message, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (await fleet.FindAsync(instance, cancellationToken) is null)
        {
            if (time.GetElapsedTime(started) >= options.Value.DeliveryTimeout)
            {
                return Delivery.Refused;
            }

            await Task.Delay(s_leasePollInterval, time, cancellationToken);
        }

        // The lease may end again while this method waits for the result. That does not end the wait, because the instance may return.
        var timeout = options.Value.Lease + options.Value.DeliveryTimeout;
        return await SendToLiveAsync(
            new InstanceLease(instance, DateTimeOffset.MaxValue), message, timeout, keepAfterTimeout: false, cancellationToken);
    }

    /// <summary>
    /// Sends a message to all other live instances. When this method returns, each of them has handled the message, has refused it, or is
    /// gone. If a receiver takes longer than the delivery timeout, the message stays in its inbox, and the receiver handles it late.
    /// </summary>
    public async Task BroadcastAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        var others = await fleet.FindOthersAsync(cancellationToken);
        await Task.WhenAll(
            others.Select(
                other => SendToLiveAsync(other, message, options.Value.DeliveryTimeout, keepAfterTimeout: true, cancellationToken)));
    }

    /// <summary>Adds a message to the inbox without waiting for the result. A receiver that is gone never handles it.</summary>
    public Task EnqueueAsync(string instance, InboxMessage message, CancellationToken cancellationToken) =>
        InsertAsync(instance, message, s_keepTime, cancellationToken);

    /// <summary>Returns the messages for this instance, oldest first, in one storage transaction.</summary>
    public async Task<List<StateRow>> ReadAsync(CancellationToken cancellationToken)
    {
        var rows = new List<StateRow>();
        await foreach (var row in store.QueryAsync(Table, fleet.Id, default, cancellationToken))
        {
            // Only the mark has this length: every message is longer.
            if (row.Body.ToMemory().Length != s_refusedMark.ToMemory().Length)
            {
                rows.Add(row);
            }

            if (rows.Count == PageSize)
            {
                break;
            }
        }

        return rows;
    }

    /// <summary>Reports the result to the sender: deletes the row of a handled message, or marks the row of a refused one.</summary>
    public Task CompleteAsync(StateRow row, bool done, CancellationToken cancellationToken) => done
        ? store.TryDeleteAsync(row.Key, row.ETag, cancellationToken)
        : store.TryReplaceAsync(row.Key, row.ETag, s_refusedMark, row.ExpiresAt, cancellationToken);

    /// <summary>Returns the pause after a poll that found nothing: half as long again as the last pause, up to PollMax.</summary>
    public TimeSpan NextPause(TimeSpan pause)
    {
        var longer = pause * 1.5;
        return longer < options.Value.PollMax ? longer : options.Value.PollMax;
    }

    private async Task<(StateKey Key, string? ETag)> InsertAsync(
        string instance, InboxMessage message, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        // The row keys of one sender sort in the order of sending. The sequence number orders its messages within one tick.
        var row = $"{time.GetUtcNow().UtcTicks:D19}-{fleet.Id}-{Interlocked.Increment(ref _sequence):D12}";
        var key = new StateKey(Table, instance, row);
        var body = BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(message, RelayJson.Default.InboxMessage));
        return (key, await store.TryInsertAsync(key, body, time.GetUtcNow() + lifetime, cancellationToken));
    }

    private async Task<Delivery> SendToLiveAsync(
        InstanceLease lease, InboxMessage message, TimeSpan timeout, bool keepAfterTimeout, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var lifetime = keepAfterTimeout ? s_keepTime : timeout + options.Value.DeliveryTimeout;
        var (key, etag) = await InsertAsync(lease.Instance, message, lifetime, cancellationToken);
        var pause = options.Value.PollMin;
        while (time.GetElapsedTime(started) < timeout)
        {
            await Task.Delay(pause, time, cancellationToken);
            pause = NextPause(pause);
            if (await store.FindAsync(key, cancellationToken) is not { } current)
            {
                return ResultOfMissingRow();
            }

            if (current.ETag != etag)
            {
                await store.DeleteAsync(key, cancellationToken);
                return Delivery.Refused;
            }

            if (lease.EndsAt <= time.GetUtcNow())
            {
                if (await fleet.FindAsync(lease.Instance, cancellationToken) is not { } renewed)
                {
                    break;
                }

                lease = renewed;
            }
        }

        if (keepAfterTimeout)
        {
            return Delivery.TimedOut;
        }

        // The message is deleted, so that the receiver cannot handle it after the sender has reported a failure.
        return await store.TryDeleteAsync(key, etag!, cancellationToken)
            ? await fleet.FindAsync(lease.Instance, cancellationToken) is null ? Delivery.Refused : Delivery.TimedOut
            : ResultOfMissingRow();

        // The receiver deletes the row of a message that it has handled. With a slow storage, the row can also expire before the sender
        // reads it again. It is then unknown whether the receiver handled the message, so the result is a timeout.
        Delivery ResultOfMissingRow() => time.GetElapsedTime(started) < lifetime ? Delivery.Done : Delivery.TimedOut;
    }
}
