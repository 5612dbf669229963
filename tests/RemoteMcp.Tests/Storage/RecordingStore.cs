using RemoteMcp.Storage;

namespace RemoteMcp.Tests.Storage;

/// <summary>A store that records its sweeps. A test can set their results.</summary>
internal sealed class RecordingStore(IStateStore inner) : IStateStore
{
    public List<(string Table, string? Continuation)> Swept { get; } = [];

    public int Deleted { get; private set; }

    public Func<string, string?, StateSweep>? SweepAnswer { get; set; }

    public Task<StateRow?> FindAsync(StateKey key, CancellationToken cancellationToken) => inner.FindAsync(key, cancellationToken);

    public Task<string?> TryInsertAsync(StateKey key, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        inner.TryInsertAsync(key, body, expiresAt, cancellationToken);

    public Task<string?> TryReplaceAsync(StateKey key, string etag, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        inner.TryReplaceAsync(key, etag, body, expiresAt, cancellationToken);

    public Task DeleteAsync(StateKey key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);

    public Task<bool> TryDeleteAsync(StateKey key, string etag, CancellationToken cancellationToken) => inner.TryDeleteAsync(key, etag, cancellationToken);

    public IAsyncEnumerable<StateRow> QueryAsync(string table, string partition, StateRange range, CancellationToken cancellationToken) =>
        inner.QueryAsync(table, partition, range, cancellationToken);

    public Task<bool> TryCommitAsync(string table, string partition, IReadOnlyList<StateChange> changes, CancellationToken cancellationToken) =>
        inner.TryCommitAsync(table, partition, changes, cancellationToken);

    public async Task<StateSweep> SweepAsync(string table, string? continuation, CancellationToken cancellationToken)
    {
        Swept.Add((table, continuation));
        var sweep = SweepAnswer is null ? await inner.SweepAsync(table, continuation, cancellationToken) : SweepAnswer(table, continuation);
        Deleted += sweep.Deleted;
        return sweep;
    }
}
