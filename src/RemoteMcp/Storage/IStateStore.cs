namespace RemoteMcp.Storage;

/// <summary>
/// The one place where the server keeps what must outlive a request: rows addressed by table, partition key and row key,
/// each with a JSON body, an ETag and an expiry. Every feature keeps its rows through this port.
/// </summary>
/// <remarks>
/// <para>
/// Both adapters (Azure Table Storage and memory) enforce Azure's limits and not those of an emulator: keys of at most
/// <see cref="StateLimits.MaxKeyLength"/> characters without <c>/ \ # ?</c> and control characters, bodies of at most
/// <see cref="StateLimits.MaxBodyBytes"/>, batches of at most <see cref="StateLimits.MaxBatchOperations"/> operations in one
/// partition. What breaks a limit throws <see cref="ArgumentException"/> before anything is sent.
/// </para>
/// <para>
/// A row whose <see cref="StateRow.ExpiresAt"/> has passed counts as absent at once, for every operation: reads do not
/// return it and an insert replaces it. Its deletion happens later, in the background. "Passed" is judged by the clock of
/// the asking instance, so an expiry that instances must agree on is longer than their clocks may differ.
/// </para>
/// <para>
/// When the storage cannot answer (down, throttled, timed out after bounded retries) every operation throws
/// <see cref="StateUnavailableException"/>; a write may or may not have been applied then.
/// </para>
/// </remarks>
public interface IStateStore
{
    /// <summary>Reads one row.</summary>
    /// <returns>The row, or <see langword="null"/> when there is none or it has expired.</returns>
    Task<StateRow?> FindAsync(StateKey key, CancellationToken cancellationToken);

    /// <summary>Writes a row that must not exist yet.</summary>
    /// <returns>The new row's ETag, or <see langword="null"/> when a live row is already there.</returns>
    Task<string?> TryInsertAsync(StateKey key, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>Replaces a row that has not changed since it was read.</summary>
    /// <returns>The new ETag, or <see langword="null"/> when the row has changed, has expired or is gone.</returns>
    Task<string?> TryReplaceAsync(StateKey key, string etag, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>Makes sure that a row is absent, whatever its version.</summary>
    Task DeleteAsync(StateKey key, CancellationToken cancellationToken);

    /// <summary>Deletes a row that has not changed since it was read: of several callers exactly one succeeds.</summary>
    /// <returns>Whether this call deleted it; <see langword="false"/> when the row has changed, has expired or is gone.</returns>
    Task<bool> TryDeleteAsync(StateKey key, string etag, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the live rows of a partition in ordinal order of their row keys, page by page as the caller consumes them.
    /// A page is consistent in itself; a row that is written while the caller is between two pages may or may not be seen.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="partition">The partition key.</param>
    /// <param name="range">Which row keys: all of them by default.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    IAsyncEnumerable<StateRow> QueryAsync(string table, string partition, StateRange range, CancellationToken cancellationToken);

    /// <summary>Applies all changes of one partition, or none of them.</summary>
    /// <param name="table">The table.</param>
    /// <param name="partition">The partition key that all changes share.</param>
    /// <param name="changes">1 to <see cref="StateLimits.MaxBatchOperations"/> changes, each to another row.</param>
    /// <param name="cancellationToken">Stops the wait; the batch may or may not have been applied then.</param>
    /// <returns>Whether the batch was applied; <see langword="false"/> when one of its conditions did not hold.</returns>
    Task<bool> TryCommitAsync(string table, string partition, IReadOnlyList<StateChange> changes, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes expired rows of one table: one page of it, so that a caller decides how much work a run is. Live rows, and rows
    /// that come back to life meanwhile, stay. For <see cref="ExpirySweeper"/>.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="continuation">Where the last page ended; <see langword="null"/> to begin.</param>
    /// <param name="cancellationToken">Stops the work between two deletions.</param>
    /// <returns>How many rows were deleted, and where to go on.</returns>
    Task<StateSweep> SweepAsync(string table, string? continuation, CancellationToken cancellationToken);
}
