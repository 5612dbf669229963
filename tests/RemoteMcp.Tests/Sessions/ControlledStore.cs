using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using RemoteMcp.Storage;

namespace RemoteMcp.Tests.Sessions;

/// <summary>A store that records its requests, and can be slow or down.</summary>
internal sealed class ControlledStore(IStateStore inner) : IStateStore
{
    private readonly ConcurrentQueue<string> _requests = new();

    /// <summary>The requests so far: the operation and the table, for example <c>FIND Sessions</c>.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>Runs before each operation. If it throws, the operation fails.</summary>
    public Func<string, CancellationToken, Task>? Before { get; set; }

    /// <summary>Runs after each operation. If it throws, the response of the operation is lost.</summary>
    public Action<string>? After { get; set; }

    public static Task Down(string request, CancellationToken cancellationToken) =>
        Task.FromException(new StateUnavailableException($"{request}: the storage is down.", TimeSpan.FromSeconds(7)));

    public Task<StateRow?> FindAsync(StateKey key, CancellationToken cancellationToken) =>
        RunAsync($"FIND {key.Table}", () => inner.FindAsync(key, cancellationToken), cancellationToken);

    public Task<string?> TryInsertAsync(StateKey key, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        RunAsync($"INSERT {key.Table}", () => inner.TryInsertAsync(key, body, expiresAt, cancellationToken), cancellationToken);

    public Task<string?> TryReplaceAsync(StateKey key, string etag, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        RunAsync($"REPLACE {key.Table}", () => inner.TryReplaceAsync(key, etag, body, expiresAt, cancellationToken), cancellationToken);

    public Task DeleteAsync(StateKey key, CancellationToken cancellationToken) => RunAsync($"DELETE {key.Table}", async () =>
    {
        await inner.DeleteAsync(key, cancellationToken);
        return true;
    }, cancellationToken);

    public Task<bool> TryDeleteAsync(StateKey key, string etag, CancellationToken cancellationToken) =>
        RunAsync($"DELETE {key.Table}", () => inner.TryDeleteAsync(key, etag, cancellationToken), cancellationToken);

    public async IAsyncEnumerable<StateRow> QueryAsync(string table, string partition, StateRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var row in await RunAsync($"QUERY {table}",
            async () => await inner.QueryAsync(table, partition, range, cancellationToken).ToListAsync(cancellationToken),
            cancellationToken))
        {
            yield return row;
        }
    }

    public Task<bool> TryCommitAsync(string table, string partition, IReadOnlyList<StateChange> changes, CancellationToken cancellationToken) =>
        RunAsync($"COMMIT {table}", () => inner.TryCommitAsync(table, partition, changes, cancellationToken), cancellationToken);

    public Task<StateSweep> SweepAsync(string table, string? continuation, CancellationToken cancellationToken) => inner.SweepAsync(table, continuation, cancellationToken);

    private async Task<T> RunAsync<T>(string request, Func<Task<T>> answer, CancellationToken cancellationToken)
    {
        _requests.Enqueue(request);
        if (Before is { } before)
        {
            await before(request, cancellationToken);
        }

        var answered = await answer();
        After?.Invoke(request);
        return answered;
    }
}
