namespace RemoteMcp.Storage;

/// <summary>
/// A named lease: of all instances that ask for it at most one holds it, until it gives it up or does not renew it in time.
/// One row of the table <see cref="Table"/>, partition = the lease's name, that expires with the lease.
/// </summary>
/// <remarks>
/// Expiry is judged by each instance's own clock: a lease is much longer than clocks may differ, and its holder renews it early.
/// For one user at a time. Every method throws <see cref="StateUnavailableException"/> when the storage cannot answer.
/// </remarks>
/// <param name="store">Where the row is.</param>
/// <param name="time">The clock.</param>
/// <param name="name">What is leased.</param>
/// <param name="owner">Who asks, for the person who looks at the row.</param>
internal sealed class StateLease(IStateStore store, TimeProvider time, string name, string owner)
{
    /// <summary>The table of all leases.</summary>
    public const string Table = "Leases";

    private readonly StateKey _key = new(Table, name, "lease");
    private string? _etag;

    /// <summary>Until when the lease is held at most; in the past when it is not held.</summary>
    public DateTimeOffset HeldUntil { get; private set; }

    /// <summary>Whether the lease is held now.</summary>
    public bool IsHeld => HeldUntil > time.GetUtcNow();

    /// <summary>Takes the lease, or renews it if it is ours; either way it then lasts for <paramref name="duration"/>.</summary>
    /// <returns>Whether the lease is ours; <see langword="false"/> while another holds it.</returns>
    public async Task<bool> TryAcquireAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + duration;
        var body = BinaryData.FromObjectAsJson(new { owner });
        _etag = _etag is null ? null : await store.TryReplaceAsync(_key, _etag, body, until, cancellationToken);
        _etag ??= await store.TryInsertAsync(_key, body, until, cancellationToken);
        HeldUntil = _etag is null ? default : until;
        return _etag is not null;
    }

    /// <summary>Gives the lease up, so that another can take it at once. Does nothing when it is not ours.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        if (_etag is { } etag)
        {
            (_etag, HeldUntil) = (null, default);
            await store.TryDeleteAsync(_key, etag, cancellationToken);
        }
    }
}
