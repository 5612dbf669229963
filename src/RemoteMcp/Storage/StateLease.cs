namespace RemoteMcp.Storage;

/// <summary>
/// Represents a named lease. At most one instance holds it at a time, until the instance gives it up or does not renew it in time. The
/// lease is one row of the table <see cref="Table"/>. The partition key is the name of the lease, and the row expires with the lease.
/// </summary>
/// <remarks>
/// The instances agree on the expiry to within a second (<see cref="StorageClock"/>). A lease must be much longer than that, and its holder
/// must renew it early. This class is not thread-safe. Every method throws
/// <see cref="StateUnavailableException"/> when the storage does not respond.
/// </remarks>
/// <param name="store">The store that has the row.</param>
/// <param name="time">The time provider.</param>
/// <param name="name">The name of the lease.</param>
/// <param name="owner">The owner, for a person who looks at the row.</param>
internal sealed class StateLease(IStateStore store, TimeProvider time, string name, string owner)
{
    /// <summary>The table of all leases.</summary>
    public const string Table = "Leases";

    private readonly StateKey _key = new(Table, name, "lease");
    private string? _etag;

    /// <summary>Gets the time until which the lease is held at most; a time in the past when it is not held.</summary>
    public DateTimeOffset HeldUntil { get; private set; }

    /// <summary>Gets whether this object holds the lease now.</summary>
    public bool IsHeld => HeldUntil > time.GetUtcNow();

    /// <summary>Takes the lease, or renews it if this object holds it. It then lasts for <paramref name="duration"/>.</summary>
    /// <returns>Whether this object holds the lease; <see langword="false"/> while another instance holds it.</returns>
    public async Task<bool> TryAcquireAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + duration;
        var body = BinaryData.FromObjectAsJson(new { owner });
        _etag = _etag is null ? null : await store.TryReplaceAsync(_key, _etag, body, until, cancellationToken);
        _etag ??= await store.TryInsertAsync(_key, body, until, cancellationToken);
        HeldUntil = _etag is null ? default : until;
        return _etag is not null;
    }

    /// <summary>Gives up the lease, so that another instance can take it at once. Does nothing when this object does not hold it.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        if (_etag is { } etag)
        {
            (_etag, HeldUntil) = (null, default);
            await store.TryDeleteAsync(_key, etag, cancellationToken);
        }
    }
}
