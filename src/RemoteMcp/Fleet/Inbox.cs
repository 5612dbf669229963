using Microsoft.Extensions.Options;

namespace RemoteMcp.Fleet;

/// <summary>Sends messages to other instances.</summary>
/// <remarks>
/// <para>
/// Each instance has an inbox: a partition of the table <see cref="Table"/> whose partition key is the instance ID. Any other instance can
/// insert a row, and polls only that row for the result. The receiver polls the whole partition (<see cref="InboxReader"/>). If the sender
/// may withdraw the message, the receiver claims the row before it acts. It deletes the row when it has handled the message, or replaces
/// the body with a mark when it has not.
/// </para>
/// <para>
/// The sender polls its row until the row is gone (<see cref="Delivery.Done"/>) or has a mark, until the receiver's lease has ended
/// (<see cref="Delivery.Refused"/>), or until the timeout. Time in which the storage is stalled does not count, and a lease that lapsed
/// during a stall does not end the wait. After a timeout, the sender withdraws the message: it deletes the row in the version that it
/// inserted. Therefore the receiver either claimed the message (<see cref="Delivery.Unknown"/>) or never handles it
/// (<see cref="Delivery.TimedOut"/>). Messages that may be handled late stay in the inbox. If the sender's own request is cancelled, the
/// row stays until it expires, and the receiver may still handle the message.
/// </para>
/// </remarks>
internal sealed class Inbox(
    InboxRows rows, MessageSender sender, FleetMembership fleet, StorageWatch storage, IOptions<FleetOptions> options, TimeProvider time)
{
    public const string Table = "Inbox";

    private static readonly TimeSpan s_leasePollInterval = TimeSpan.FromMilliseconds(500);

    // Time in which the storage is stalled does not count, but clients do not wait longer.
    private static readonly TimeSpan s_maxSearch = TimeSpan.FromSeconds(30);

    /// <summary>Sends a message and waits for the result, at most for the delivery timeout and while the receiver has its lease.</summary>
    public async Task<Delivery> SendAsync(string instance, InboxMessage message, CancellationToken cancellationToken) =>
        await FindAsync(instance, cancellationToken) switch
        {
            { } lease when lease.IsLive(time.GetUtcNow()) =>
                await sender.SendAsync(lease, message, options.Value.DeliveryTimeout, SenderWait.WhileLeased, cancellationToken),
            _ => storage.AllowedRenewals ? Delivery.Refused : Delivery.TimedOut,
        };

    /// <summary>
    /// Sends a message like <see cref="SendAsync"/>, but leaves it in the inbox after a timeout, because it may be handled late. An
    /// instance whose lease has lapsed handles it when it returns, and this method does not wait for that.
    /// </summary>
    public async Task<Delivery> SendAndKeepAsync(string instance, InboxMessage message, CancellationToken cancellationToken) =>
        await FindAsync(instance, cancellationToken) is { } lease
            ? await SendAndKeepToAsync(lease, message, cancellationToken)
            : Delivery.Refused;

    /// <summary>
    /// Sends a message that the client cannot easily repeat, such as a user's answer to an elicitation. A receiver without a live lease may
    /// be alive: it is paused, or cut off from the storage. This method waits for the receiver's row to appear: at least for the delivery
    /// timeout, and until the storage has responded long enough for the receiver to take its lease. Both waits together take up to the
    /// duration of a lease plus the delivery timeout, and the wait for the result takes at least the delivery timeout.
    /// </summary>
    public async Task<Delivery> SendUnrepeatableAsync(string instance, InboxMessage message, CancellationToken cancellationToken)
    {
        var waited = TimeSpan.Zero;
        var started = time.GetTimestamp();
        InstanceLease? lease;
        while (true)
        {
            var asked = time.GetTimestamp();
            lease = await FindAsync(instance, cancellationToken);
            waited += storage.ResponseTime(asked);
            if (lease is not null)
            {
                break;
            }

            if (waited >= options.Value.DeliveryTimeout && storage.AllowedRenewals)
            {
                return Delivery.Refused;
            }

            if (waited >= options.Value.DeliveryTimeout + options.Value.Lease || time.GetElapsedTime(started) >= s_maxSearch)
            {
                return Delivery.TimedOut;
            }

            await Task.Delay(s_leasePollInterval, time, cancellationToken);
            waited += s_leasePollInterval;
        }

        var timeout = options.Value.Lease + options.Value.DeliveryTimeout - waited;
        return await sender.SendAsync(
            lease.Value,
            message,
            timeout > options.Value.DeliveryTimeout ? timeout : options.Value.DeliveryTimeout,
            SenderWait.Regardless,
            cancellationToken);
    }

    /// <summary>
    /// Sends a message to all other instances. When this method returns, each of them has handled the message, has refused it, or is gone.
    /// If a receiver takes longer than the delivery timeout, or its lease has lapsed, the message stays in its inbox, and the receiver
    /// handles it late.
    /// </summary>
    public async Task BroadcastAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        var others = await storage.RunAsync(() => fleet.FindOthersAsync(cancellationToken));
        await Task.WhenAll(others.Select(other => SendAndKeepToAsync(other, message, cancellationToken)));
    }

    /// <summary>
    /// Sends a message to some instances as <see cref="BroadcastAsync"/> does. If this instance is the only receiver, it takes no storage
    /// transaction.
    /// </summary>
    public async Task MulticastAsync(IEnumerable<string> instances, InboxMessage message, CancellationToken cancellationToken)
    {
        var receivers = instances.Where(instance => instance != fleet.Id).ToHashSet(StringComparer.Ordinal);
        if (receivers.Count > 0)
        {
            var others = await storage.RunAsync(() => fleet.FindOthersAsync(cancellationToken));
            await Task.WhenAll(others
                .Where(other => receivers.Contains(other.Instance))
                .Select(other => SendAndKeepToAsync(other, message, cancellationToken)));
        }
    }

    /// <summary>Adds a message to the inbox without waiting for the result. A receiver that is gone never handles it.</summary>
    public Task EnqueueAsync(string instance, InboxMessage message, CancellationToken cancellationToken) =>
        storage.RunAsync(() => rows.InsertAsync(instance, message, cancellationToken));

    private Task<InstanceLease?> FindAsync(string instance, CancellationToken cancellationToken) =>
        storage.RunAsync(() => fleet.FindAsync(instance, cancellationToken));

    private async Task<Delivery> SendAndKeepToAsync(InstanceLease lease, InboxMessage message, CancellationToken cancellationToken)
    {
        if (lease.IsLive(time.GetUtcNow()))
        {
            return await sender.SendAsync(lease, message, options.Value.DeliveryTimeout, SenderWait.AndKeep, cancellationToken);
        }

        await EnqueueAsync(lease.Instance, message, cancellationToken);
        return Delivery.TimedOut;
    }
}
