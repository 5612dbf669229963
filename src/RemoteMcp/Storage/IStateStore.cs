namespace RemoteMcp.Storage;

/// <summary>
/// Stores the state that must outlive a request, as rows. A row has a table, a partition key, a row key, a JSON body, an ETag, and an
/// expiry. Every feature stores its rows through this interface.
/// </summary>
/// <remarks>
/// <para>
/// Both implementations (Azure Table Storage and memory) enforce the limits of Azure, not those of an emulator: keys of at most
/// <see cref="StateLimits.MaxKeyLength"/> characters without <c>/ \ # ?</c> and control characters, bodies of at most
/// <see cref="StateLimits.MaxBodyBytes"/>, and batches of at most <see cref="StateLimits.MaxBatchOperations"/> operations in one
/// partition. An argument that exceeds a limit causes an <see cref="ArgumentException"/> before anything is sent.
/// </para>
/// <para>
/// A row is expired when its <see cref="StateRow.ExpiresAt"/> has passed. Every operation treats an expired row as absent at once: reads do
/// not return it, and an insert replaces it. It is deleted later, in the background. All times are times of this machine. The
/// implementation for Table Storage converts them to times of the storage (<see cref="StorageClock"/>), so that all instances agree on an
/// expiry, to within a second, even if their clocks differ.
/// </para>
/// <para>
/// When the storage does not respond (it is down, it throttles, or all retries timed out), every operation throws
/// <see cref="StateUnavailableException"/>. In that case a write may or may not have been applied.
/// </para>
/// </remarks>
public interface IStateStore
{
    /// <summary>Returns one row.</summary>
    /// <returns>The row, or <see langword="null"/> when it does not exist or has expired.</returns>
    Task<StateRow?> FindAsync(StateKey key, CancellationToken cancellationToken);

    /// <summary>Inserts a row that must not exist.</summary>
    /// <returns>The ETag of the new row, or <see langword="null"/> when a live row exists.</returns>
    Task<string?> TryInsertAsync(StateKey key, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>Replaces a row if it has not changed since it was read.</summary>
    /// <returns>The new ETag, or <see langword="null"/> when the row has changed, has expired, or no longer exists.</returns>
    Task<string?> TryReplaceAsync(
        StateKey key, string etag, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>Deletes a row in any version, if it exists.</summary>
    Task DeleteAsync(StateKey key, CancellationToken cancellationToken);

    /// <summary>Deletes a row if it has not changed since it was read. Of several callers, exactly one succeeds.</summary>
    /// <returns>
    /// Whether this call deleted the row; <see langword="false"/> when the row has changed, has expired, or no longer exists.
    /// </returns>
    Task<bool> TryDeleteAsync(StateKey key, string etag, CancellationToken cancellationToken);

    /// <summary>
    /// Returns the live rows of a partition in the ordinal order of their row keys. It reads a page at a time, as the caller consumes the
    /// rows. Each page is consistent. A row that is written while the caller is between two pages may or may not be returned.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="partition">The partition key.</param>
    /// <param name="range">The range of row keys; all row keys by default.</param>
    /// <param name="cancellationToken">The token that stops the query.</param>
    IAsyncEnumerable<StateRow> QueryAsync(string table, string partition, StateRange range, CancellationToken cancellationToken);

    /// <summary>Applies all changes to one partition, or none of them.</summary>
    /// <param name="table">The table.</param>
    /// <param name="partition">The partition key of all changes.</param>
    /// <param name="changes">1 to <see cref="StateLimits.MaxBatchOperations"/> changes, each to a different row.</param>
    /// <param name="cancellationToken">The token that stops the wait. The batch may or may not have been applied then.</param>
    /// <returns>Whether the batch was applied; <see langword="false"/> when one of its conditions was not met.</returns>
    Task<bool> TryCommitAsync(string table, string partition, IReadOnlyList<StateChange> changes, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes the expired rows of one page of a table. The caller decides how many pages a run has. Live rows stay, and so do rows that
    /// are written again meanwhile. <see cref="ExpirySweeper"/> calls this method.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="continuation">The continuation of the last page, or <see langword="null"/> to begin.</param>
    /// <param name="cancellationToken">The token that stops the work between two deletions.</param>
    /// <returns>The number of deleted rows, and the continuation.</returns>
    Task<StateSweep> SweepAsync(string table, string? continuation, CancellationToken cancellationToken);
}
