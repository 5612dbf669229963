using System.Collections.Concurrent;
using RemoteMcp.Storage;

namespace RemoteMcp.Tests.Auth.Cloud;

/// <summary>Represents a store that keeps everything that was written to it, and that a test can make unavailable.</summary>
internal sealed class CloudSignInStore : IStateStore
{
    private readonly MemoryStateStore _inner = new(TimeProvider.System);
    private readonly ConcurrentQueue<(StateKey Key, BinaryData Body)> _written = new();

    public IReadOnlyList<(StateKey Key, BinaryData Body)> Written => [.. _written];

    /// <summary>Gets or sets whether the table of the tokens never answers.</summary>
    public bool TokensHang { get; set; }

    /// <summary>Gets or sets whether all reads and writes fail.</summary>
    public bool IsDown { get; set; }

    public IEnumerable<StateKey> Tokens => Written.Where(static row => row.Key.Table == "Tokens").Select(static row => row.Key);

    public async Task<StateRow?> FindAsync(StateKey key, CancellationToken cancellationToken) =>
        await (await BeginOperationAsync(key.Table, cancellationToken)).FindAsync(key, cancellationToken);

    public async Task<string?> TryInsertAsync(StateKey key, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        _written.Enqueue((key, body));
        return await (await BeginOperationAsync(key.Table, cancellationToken)).TryInsertAsync(key, body, expiresAt, cancellationToken);
    }

    public async Task<string?> TryReplaceAsync(StateKey key, string etag, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        _written.Enqueue((key, body));
        return await (await BeginOperationAsync(key.Table, cancellationToken))
            .TryReplaceAsync(key, etag, body, expiresAt, cancellationToken);
    }

    public async Task DeleteAsync(StateKey key, CancellationToken cancellationToken) =>
        await (await BeginOperationAsync(key.Table, cancellationToken)).DeleteAsync(key, cancellationToken);

    public async Task<bool> TryDeleteAsync(StateKey key, string etag, CancellationToken cancellationToken) =>
        await (await BeginOperationAsync(key.Table, cancellationToken)).TryDeleteAsync(key, etag, cancellationToken);

    public IAsyncEnumerable<StateRow> QueryAsync(string table, string partition, StateRange range, CancellationToken cancellationToken) =>
        _inner.QueryAsync(table, partition, range, cancellationToken);

    public async Task<bool> TryCommitAsync(string table, string partition, IReadOnlyList<StateChange> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes)
        {
            if (change is StateChange.Insert insert)
            {
                _written.Enqueue((new StateKey(table, partition, insert.Row), insert.Body));
            }
        }

        return await (await BeginOperationAsync(table, cancellationToken)).TryCommitAsync(table, partition, changes, cancellationToken);
    }

    public Task<StateSweep> SweepAsync(string table, string? continuation, CancellationToken cancellationToken) => _inner.SweepAsync(table, continuation, cancellationToken);

    private async Task<IStateStore> BeginOperationAsync(string table, CancellationToken cancellationToken)
    {
        if (TokensHang && table == "Tokens")
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return IsDown ? throw new StateUnavailableException("The storage is down.", TimeSpan.FromSeconds(7)) : _inner;
    }
}
