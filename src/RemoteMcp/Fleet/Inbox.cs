using System.Text.Json;
using Microsoft.Extensions.Options;
using RemoteMcp.Storage;

namespace RemoteMcp.Fleet;

/// <summary>What became of a message to another instance.</summary>
internal enum Delivery
{
    /// <summary>The instance took it and did what it asks.</summary>
    Done,

    /// <summary>The instance is gone, or does not have what the message concerns. Nothing was done.</summary>
    Refused,

    /// <summary>The instance did not take it in time; the message was taken back, unless it may be done late.</summary>
    TimedOut,
}

/// <summary>
/// The inbox of each instance: a partition of rows that only it reads. A message is never accepted and lost: its sender waits until the
/// row is gone (done), marked (refused) or its receiver's lease has ended. What may be done late stays there when its sender has gone on.
/// </summary>
internal sealed class Inbox(IStateStore store, FleetMembership fleet, IOptions<FleetOptions> options, TimeProvider time)
{
    public const string Table = "Inbox";

    private const int PageSize = 50;
    private static readonly TimeSpan PauseForLease = TimeSpan.FromMilliseconds(500);

    // For whoever is late: far longer than a lease lasts that is not renewed.
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);
    private static readonly BinaryData RefusedMark = BinaryData.FromString("\"refused\"");
    private long _sequence;

    /// <summary>Sends a message and waits for what becomes of it, within the delivery timeout and while the receiver has its lease.</summary>
    public async Task<Delivery> SendAsync(string instance, InboxMessage message, CancellationToken cancellationToken) =>
        await fleet.FindAsync(instance, cancellationToken) is { } lease
            ? await SendToLiveAsync(lease, message, options.Value.DeliveryTimeout, stays: false, cancellationToken)
            : Delivery.Refused;

    /// <summary>As <see cref="SendAsync"/>, for a message that may be done late: it is not taken back.</summary>
    public async Task<Delivery> TellAsync(string instance, InboxMessage message, CancellationToken cancellationToken) =>
        await fleet.FindAsync(instance, cancellationToken) is { } lease
            ? await SendToLiveAsync(lease, message, options.Value.DeliveryTimeout, stays: true, cancellationToken)
            : Delivery.Refused;

    /// <summary>
    /// Sends what nobody says twice, such as a person's answer. An instance whose lease has ended may be one that the storage was down for,
    /// and that takes another as soon as it can: it has the delivery timeout for that, and one that is slow has more.
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

            await Task.Delay(PauseForLease, time, cancellationToken);
        }

        // A lease that ends from here on is not looked at: as above, its instance may come back.
        var patience = options.Value.Lease + options.Value.DeliveryTimeout;
        return await SendToLiveAsync(new InstanceLease(instance, DateTimeOffset.MaxValue), message, patience, stays: false, cancellationToken);
    }

    /// <summary>
    /// Sends a message to every other instance that listens; each has done it, or is gone, when this returns. Where one takes longer than
    /// the delivery timeout, the message stays for it.
    /// </summary>
    public async Task BroadcastAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        var others = await fleet.OthersAsync(cancellationToken);
        await Task.WhenAll(others.Select(other => SendToLiveAsync(other, message, options.Value.DeliveryTimeout, stays: true, cancellationToken)));
    }

    /// <summary>Leaves a message that may be done whenever its receiver looks, or not at all where it is gone; nobody waits for that.</summary>
    public Task LeaveAsync(string instance, InboxMessage message, CancellationToken cancellationToken) => InsertAsync(instance, message, KeptFor, cancellationToken);

    /// <summary>Reads this instance's messages, oldest first; one storage transaction.</summary>
    public async Task<List<StateRow>> ReadAsync(CancellationToken cancellationToken)
    {
        var rows = new List<StateRow>();
        await foreach (var row in store.QueryAsync(Table, fleet.Id, default, cancellationToken))
        {
            if (row.Body.ToMemory().Length != RefusedMark.ToMemory().Length)
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

    /// <summary>Tells the sender what became of its message.</summary>
    public Task CompleteAsync(StateRow row, bool done, CancellationToken cancellationToken) => done
        ? store.TryDeleteAsync(row.Key, row.ETag, cancellationToken)
        : store.TryReplaceAsync(row.Key, row.ETag, RefusedMark, row.ExpiresAt, cancellationToken);

    /// <summary>The next pause between two looks while nothing came.</summary>
    public TimeSpan Longer(TimeSpan pause)
    {
        var longer = pause * 1.5;
        return longer < options.Value.PollMax ? longer : options.Value.PollMax;
    }

    private async Task<(StateKey Key, string? ETag)> InsertAsync(string instance, InboxMessage message, TimeSpan life, CancellationToken cancellationToken)
    {
        // In the order of sending: the sequence breaks ties of one sender within one tick.
        var row = $"{time.GetUtcNow().UtcTicks:D19}-{fleet.Id}-{Interlocked.Increment(ref _sequence):D12}";
        var key = new StateKey(Table, instance, row);
        var body = BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(message, RelayJson.Default.InboxMessage));
        return (key, await store.TryInsertAsync(key, body, time.GetUtcNow() + life, cancellationToken));
    }

    private async Task<Delivery> SendToLiveAsync(InstanceLease lease, InboxMessage message, TimeSpan patience, bool stays, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var life = stays ? KeptFor : patience + options.Value.DeliveryTimeout;
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

        // Taken back, so that it is not done after its sender was told that it is not.
        return await store.TryDeleteAsync(key, etag!, cancellationToken)
            ? await fleet.FindAsync(lease.Instance, cancellationToken) is null ? Delivery.Refused : Delivery.TimedOut
            : Gone();

        // A slow storage can keep the sender until its row has expired, and nobody has taken that.
        Delivery Gone() => time.GetElapsedTime(started) < life ? Delivery.Done : Delivery.TimedOut;
    }
}
