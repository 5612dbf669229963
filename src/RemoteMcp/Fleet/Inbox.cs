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
    /// The receiver did not handle the message in time. The sender deleted the message, unless the receiver may handle it late.
    /// </summary>
    TimedOut,
}

/// <summary>Sends messages to other instances, and reads the messages for this instance.</summary>
/// <remarks>
/// <para>
/// Each instance has an inbox: a partition of the table <see cref="Table"/> whose partition key is the instance ID. Any instance inserts
/// rows into it, and only its owner reads it. The receiver deletes a row when it has handled the message, or replaces the body with a
/// mark when it refuses the message.
/// </para>
/// <para>
/// No accepted message is lost. The sender polls its row until the row is gone (<see cref="Delivery.Done"/>), until it has the mark or the
/// receiver's lease has ended (<see cref="Delivery.Refused"/>), or until the timeout (<see cref="Delivery.TimedOut"/>). A sender that gives
/// up deletes its row, so that the receiver cannot handle the message later. Messages that may be handled late stay in the inbox.
/// </para>
/// </remarks>
internal sealed class Inbox(IStateStore store, FleetMembership fleet, IOptions<FleetOptions> options, TimeProvider time)
{
    public const string Table = "Inbox";

    private const int PageSize = 50;
    private static readonly TimeSpan s_pauseForLease = TimeSpan.FromMilliseconds(500);

    // How long a message stays that may be handled late. It is much longer than a lease that is not renewed.
    private static readonly TimeSpan s_keptFor = TimeSpan.FromMinutes(1);
    private static readonly BinaryData s_refusedMark = BinaryData.FromString("\"refused\"");
    private long _sequence;

    /// <summary>Sends a message and waits for the result, at most for the delivery timeout and while the receiver has its lease.</summary>
    public async Task<Delivery> SendAsync(string instance, InboxMessage message, CancellationToken cancellationToken) =>
        await fleet.FindAsync(instance, cancellationToken) is { } lease
            ? await SendToLiveAsync(lease, message, options.Value.DeliveryTimeout, stays: false, cancellationToken)
            : Delivery.Refused;

    /// <summary>
    /// Sends a message like <see cref="SendAsync"/>, but leaves it in the inbox after a timeout, because it may be handled late.
    /// </summary>
    public async Task<Delivery> TellAsync(string instance, InboxMessage message, CancellationToken cancellationToken) =>
        await fleet.FindAsync(instance, cancellationToken) is { } lease
            ? await SendToLiveAsync(lease, message, options.Value.DeliveryTimeout, stays: true, cancellationToken)
            : Delivery.Refused;

    /// <summary>
    /// Sends a message that nobody can repeat, such as a user's answer to a prompt. When the receiver has no lease, the cause may be an
    /// outage of the storage, and the instance takes a new lease as soon as it can. This method waits for that for the delivery timeout. A
    /// live receiver that is slow gets the duration of a lease in addition.
    /// </summary>
    public async Task<Delivery> SendOnceAsync(string instance, InboxMessage message, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (await fleet.FindAsync(instance, cancellationToken) is null)
        {
            if (time.GetElapsedTime(started) >= options.Value.DeliveryTimeout)
            {
                return Delivery.Refused;
            }

            await Task.Delay(s_pauseForLease, time, cancellationToken);
        }

        // The end of the lease is ignored from here on, because the instance may take a new one, as above.
        var patience = options.Value.Lease + options.Value.DeliveryTimeout;
        return await SendToLiveAsync(
            new InstanceLease(instance, DateTimeOffset.MaxValue), message, patience, stays: false, cancellationToken);
    }

    /// <summary>
    /// Sends a message to all other live instances. When this method returns, each of them has handled the message or is gone. When a
    /// receiver takes longer than the delivery timeout, the message stays in its inbox.
    /// </summary>
    public async Task BroadcastAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        var others = await fleet.OthersAsync(cancellationToken);
        await Task.WhenAll(
            others.Select(other => SendToLiveAsync(other, message, options.Value.DeliveryTimeout, stays: true, cancellationToken)));
    }

    /// <summary>Leaves a message and does not wait. The receiver handles it when it next polls, or never when it is gone.</summary>
    public Task LeaveAsync(string instance, InboxMessage message, CancellationToken cancellationToken) =>
        InsertAsync(instance, message, s_keptFor, cancellationToken);

    /// <summary>Returns the messages for this instance, oldest first, in one storage transaction.</summary>
    public async Task<List<StateRow>> ReadAsync(CancellationToken cancellationToken)
    {
        var rows = new List<StateRow>();
        await foreach (var row in store.QueryAsync(Table, fleet.Id, default, cancellationToken))
        {
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

    /// <summary>Returns the next polling interval after a poll that found nothing.</summary>
    public TimeSpan Longer(TimeSpan pause)
    {
        var longer = pause * 1.5;
        return longer < options.Value.PollMax ? longer : options.Value.PollMax;
    }

    private async Task<(StateKey Key, string? ETag)> InsertAsync(
        string instance, InboxMessage message, TimeSpan life, CancellationToken cancellationToken)
    {
        // Row keys sort in the order of sending. The sequence number orders the messages of one sender within one tick.
        var row = $"{time.GetUtcNow().UtcTicks:D19}-{fleet.Id}-{Interlocked.Increment(ref _sequence):D12}";
        var key = new StateKey(Table, instance, row);
        var body = BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(message, RelayJson.Default.InboxMessage));
        return (key, await store.TryInsertAsync(key, body, time.GetUtcNow() + life, cancellationToken));
    }

    private async Task<Delivery> SendToLiveAsync(
        InstanceLease lease, InboxMessage message, TimeSpan patience, bool stays, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var life = stays ? s_keptFor : patience + options.Value.DeliveryTimeout;
        var (key, etag) = await InsertAsync(lease.Instance, message, life, cancellationToken);
        var pause = options.Value.PollMin;
        while (time.GetElapsedTime(started) < patience)
        {
            await Task.Delay(pause, time, cancellationToken);
            pause = Longer(pause);
            if (await store.FindAsync(key, cancellationToken) is not { } current)
            {
                return Gone();
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

        if (stays)
        {
            return Delivery.TimedOut;
        }

        // The message is deleted, so that the receiver cannot handle it after the sender got a failure.
        return await store.TryDeleteAsync(key, etag!, cancellationToken)
            ? await fleet.FindAsync(lease.Instance, cancellationToken) is null ? Delivery.Refused : Delivery.TimedOut
            : Gone();

        // With a slow storage, the row can expire before the sender looks again. Then no instance has handled the message.
        Delivery Gone() => time.GetElapsedTime(started) < life ? Delivery.Done : Delivery.TimedOut;
    }
}
