using RemoteMcp.Storage;

namespace RemoteMcp.Tests.DataProtection;

/// <summary>A store that can be unavailable, counts its operations, and can hold queries back until several have arrived.</summary>
internal sealed class FaultStore(IStateStore inner) : IStateStore
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _missing;
    private int _operations;

    public bool IsDown { get; set; }

    public int Operations => Volatile.Read(ref _operations);

    /// <summary>Sets how many of the first queries must have read their rows before any of them returns.</summary>
    public int ConcurrentQueries { init => _missing = value; }

    public Task<StateRow?> FindAsync(StateKey key, CancellationToken cancellationToken) =>
        BeginOperation().FindAsync(key, cancellationToken);

    public Task<string?> TryInsertAsync(StateKey key, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        BeginOperation().TryInsertAsync(key, body, expiresAt, cancellationToken);

    public Task<string?> TryReplaceAsync(StateKey key, string etag, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        BeginOperation().TryReplaceAsync(key, etag, body, expiresAt, cancellationToken);

    public Task DeleteAsync(StateKey key, CancellationToken cancellationToken) => BeginOperation().DeleteAsync(key, cancellationToken);

    public Task<bool> TryDeleteAsync(StateKey key, string etag, CancellationToken cancellationToken) =>
        BeginOperation().TryDeleteAsync(key, etag, cancellationToken);

    public async IAsyncEnumerable<StateRow> QueryAsync(
        string table, string partition, StateRange range, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = await BeginOperation().QueryAsync(table, partition, range, cancellationToken).ToListAsync(cancellationToken);
        if (Interlocked.Decrement(ref _missing) is var missing and >= 0)
        {
            if (missing == 0)
            {
                _arrived.SetResult();
            }

            await _arrived.Task.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
        }

        foreach (var row in rows)
        {
            yield return row;
        }
    }

    public Task<bool> TryCommitAsync(string table, string partition, IReadOnlyList<StateChange> changes, CancellationToken cancellationToken) =>
        BeginOperation().TryCommitAsync(table, partition, changes, cancellationToken);

    public Task<StateSweep> SweepAsync(string table, string? continuation, CancellationToken cancellationToken) =>
        BeginOperation().SweepAsync(table, continuation, cancellationToken);

    private IStateStore BeginOperation()
    {
        Interlocked.Increment(ref _operations);
        return IsDown ? throw new StateUnavailableException("The store is unavailable.", TimeSpan.FromSeconds(7)) : inner;
    }
}
