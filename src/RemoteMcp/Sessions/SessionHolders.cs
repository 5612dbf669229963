using RemoteMcp.Fleet;

namespace RemoteMcp.Sessions;

/// <summary>
/// Keeps, in the session's row, the instances that may have an object or a GET stream of the session. Messages about the session go only to
/// them, so that their cost does not grow with the fleet.
/// </summary>
/// <remarks>
/// An instance takes its lease and is in the row before it uses an object or a stream of the session. Whoever changes or deletes the row
/// compares its ETag, and therefore knows every holder. An entry is renewed when it is older than five minutes and the instance begins to
/// use the session again. Another instance removes it only if it is older than ten minutes and its instance has no lease.
/// </remarks>
internal sealed class SessionHolders(SessionStore store, Inbox inbox, FleetMembership fleet, TimeProvider time)
{
    // Entries of instances that are gone are removed only when there are many, because that costs a storage transaction.
    private const int MaxWithoutRemoval = 8;
    private static readonly TimeSpan s_renewAfter = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_removeAfter = TimeSpan.FromMinutes(10);

    /// <summary>Returns the row of a new session that is held by this instance.</summary>
    public SessionRecord WithThisInstance(SessionRecord record) => With(record, []);

    /// <summary>Adds this instance to the holders. This takes no storage transaction if it is one of them.</summary>
    /// <param name="session">The internal session id.</param>
    /// <param name="record">The row, as it was read.</param>
    /// <param name="cancellationToken">The token that ends the attempt.</param>
    /// <returns>The current row, or <see langword="null"/> when the session has ended.</returns>
    public async Task<SessionRecord?> AddAsync(string session, SessionRecord record, CancellationToken cancellationToken)
    {
        if (IsCurrent(record))
        {
            return record;
        }

        await fleet.EnsureLeaseAsync(cancellationToken);
        var gone = await FindGoneAsync(record, cancellationToken);
        // Another request of this instance may have added it meanwhile.
        return await store.UpdateAsync(
            session, record, current => IsCurrent(current) ? current : With(current, gone), cancellationToken);
    }

    /// <summary>Sends a message to the other holders of a session, and waits as <see cref="Inbox.MulticastAsync"/> does.</summary>
    public Task SendAsync(SessionRecord record, InboxMessage message, CancellationToken cancellationToken) =>
        // An earlier version of this server wrote the row.
        record.Holders is null
            ? inbox.BroadcastAsync(message, cancellationToken)
            : inbox.MulticastAsync(record.Holders.Keys, message, cancellationToken);

    private bool IsCurrent(SessionRecord record) =>
        record.Holders?.TryGetValue(fleet.Id, out var added) == true
            && time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(added) < s_renewAfter;

    private SessionRecord With(SessionRecord record, IReadOnlyCollection<string> gone)
    {
        var holders = new Dictionary<string, long>(record.Holders ?? [], StringComparer.Ordinal);
        foreach (var instance in gone)
        {
            holders.Remove(instance);
        }

        holders[fleet.Id] = time.GetUtcNow().ToUnixTimeSeconds();
        return record with { Holders = holders };
    }

    private async Task<IReadOnlyCollection<string>> FindGoneAsync(SessionRecord record, CancellationToken cancellationToken)
    {
        var limit = (time.GetUtcNow() - s_removeAfter).ToUnixTimeSeconds();
        var old = record.Holders?.Where(holder => holder.Value < limit).Select(static holder => holder.Key).ToHashSet() ?? [];
        if (old.Count > 0 && record.Holders!.Count > MaxWithoutRemoval)
        {
            old.ExceptWith((await fleet.FindOthersAsync(cancellationToken)).Select(static lease => lease.Instance));
            return old;
        }

        return [];
    }
}
