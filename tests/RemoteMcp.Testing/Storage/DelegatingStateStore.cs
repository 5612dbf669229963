using RemoteMcp.Storage;

namespace RemoteMcp.Testing.Storage;

/// <summary>A store that forwards every operation to another store. A derived class overrides only what it changes.</summary>
internal abstract class DelegatingStateStore(IStateStore inner) : IStateStore
{
    public virtual Task<StateRow?> FindAsync(StateKey key, CancellationToken cancellationToken) =>
        SendAsync("FIND", key.Table, () => inner.FindAsync(key, cancellationToken), cancellationToken);

    public virtual Task<string?> TryInsertAsync(
        StateKey key, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        SendAsync("INSERT", key.Table, () => inner.TryInsertAsync(key, body, expiresAt, cancellationToken), cancellationToken);

    public virtual Task<string?> TryReplaceAsync(
        StateKey key, string etag, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        SendAsync("REPLACE", key.Table, () => inner.TryReplaceAsync(key, etag, body, expiresAt, cancellationToken), cancellationToken);

    public virtual Task DeleteAsync(StateKey key, CancellationToken cancellationToken) => SendAsync("DELETE", key.Table, async () =>
    {
        await inner.DeleteAsync(key, cancellationToken);
        return true;
    }, cancellationToken);

    public virtual Task<bool> TryDeleteAsync(StateKey key, string etag, CancellationToken cancellationToken) =>
        SendAsync("DELETE", key.Table, () => inner.TryDeleteAsync(key, etag, cancellationToken), cancellationToken);

    public virtual IAsyncEnumerable<StateRow> QueryAsync(
        string table, string partition, StateRange range, CancellationToken cancellationToken) =>
        inner.QueryAsync(table, partition, range, cancellationToken);

    public virtual Task<bool> TryCommitAsync(
        string table, string partition, IReadOnlyList<StateChange> changes, CancellationToken cancellationToken) =>
        SendAsync("COMMIT", table, () => inner.TryCommitAsync(table, partition, changes, cancellationToken), cancellationToken);

    public virtual Task<StateSweep> SweepAsync(string table, string? continuation, CancellationToken cancellationToken) =>
        inner.SweepAsync(table, continuation, cancellationToken);

    /// <summary>
    /// Sends an operation. Every operation passes this method, except queries, which return a stream, and sweeps, which run in the
    /// background.
    /// </summary>
    protected virtual Task<T> SendAsync<T>(string operation, string table, Func<Task<T>> send, CancellationToken cancellationToken) =>
        send();
}
