using RemoteMcp.Storage;

namespace RemoteMcp.Tests.Analytics;

/// <summary>Simulates a process that dies after some writes. The store applies the failing write if <c>lastIsApplied</c> is true.</summary>
internal sealed class CrashingStore(IStateStore inner, int writes, bool lastIsApplied) : IStateStore
{
    private int _left = writes;

    public bool HasCrashed => _left < 0;

    public Task<StateRow?> FindAsync(StateKey key, CancellationToken cancellationToken) => inner.FindAsync(key, cancellationToken);

    public Task<string?> TryInsertAsync(StateKey key, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.TryInsertAsync(key, body, expiresAt, cancellationToken));

    public Task<string?> TryReplaceAsync(StateKey key, string etag, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.TryReplaceAsync(key, etag, body, expiresAt, cancellationToken));

    public Task DeleteAsync(StateKey key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);

    public Task<bool> TryDeleteAsync(StateKey key, string etag, CancellationToken cancellationToken) => WriteAsync(() => inner.TryDeleteAsync(key, etag, cancellationToken));

    public IAsyncEnumerable<StateRow> QueryAsync(string table, string partition, StateRange range, CancellationToken cancellationToken) =>
        inner.QueryAsync(table, partition, range, cancellationToken);

    public Task<bool> TryCommitAsync(string table, string partition, IReadOnlyList<StateChange> changes, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.TryCommitAsync(table, partition, changes, cancellationToken));

    public Task<StateSweep> SweepAsync(string table, string? continuation, CancellationToken cancellationToken) => inner.SweepAsync(table, continuation, cancellationToken);

    private async Task<T> WriteAsync<T>(Func<Task<T>> write)
    {
        if (--_left >= 0)
        {
            return await write();
        }

        if (_left == -1 && lastIsApplied)
        {
            await write();
        }

        throw new StateUnavailableException("The process died.", TimeSpan.FromSeconds(1));
    }
}
