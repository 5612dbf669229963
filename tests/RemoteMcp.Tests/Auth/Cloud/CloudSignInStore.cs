using System.Collections.Concurrent;
using RemoteMcp.Storage;
using RemoteMcp.Testing.Storage;

namespace RemoteMcp.Tests.Auth.Cloud;

/// <summary>Represents a store that keeps everything that was written to it, and that a test can make unavailable.</summary>
internal sealed class CloudSignInStore() : DelegatingStateStore(new MemoryStateStore(TimeProvider.System))
{
    private readonly ConcurrentQueue<(StateKey Key, BinaryData Body)> _written = new();

    public IReadOnlyList<(StateKey Key, BinaryData Body)> Written => [.. _written];

    /// <summary>Gets or sets whether the table of the tokens never answers.</summary>
    public bool TokensHang { get; set; }

    /// <summary>Gets or sets whether all reads and writes fail.</summary>
    public bool IsDown { get; set; }

    public IEnumerable<StateKey> Tokens => Written.Where(static row => row.Key.Table == "Tokens").Select(static row => row.Key);

    public override Task<string?> TryInsertAsync(
        StateKey key, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        _written.Enqueue((key, body));
        return base.TryInsertAsync(key, body, expiresAt, cancellationToken);
    }

    public override Task<string?> TryReplaceAsync(
        StateKey key, string etag, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        _written.Enqueue((key, body));
        return base.TryReplaceAsync(key, etag, body, expiresAt, cancellationToken);
    }

    public override Task<bool> TryCommitAsync(
        string table, string partition, IReadOnlyList<StateChange> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes)
        {
            if (change is StateChange.Insert insert)
            {
                _written.Enqueue((new StateKey(table, partition, insert.Row), insert.Body));
            }
        }

        return base.TryCommitAsync(table, partition, changes, cancellationToken);
    }

    protected override async Task<T> SendAsync<T>(string operation, string table, Func<Task<T>> send, CancellationToken cancellationToken)
    {
        if (TokensHang && table == "Tokens")
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return IsDown ? throw new StateUnavailableException("The storage is down.", TimeSpan.FromSeconds(7)) : await send();
    }
}
