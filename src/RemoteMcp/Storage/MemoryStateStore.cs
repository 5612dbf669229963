using System.Globalization;

namespace RemoteMcp.Storage;

/// <summary>
/// Stores the rows in the memory of this process, for one local server without an account and for tests. The rows are lost when the process
/// ends. It behaves like <see cref="Tables.TableStateStore"/> in every respect, including the limits.
/// </summary>
internal sealed class MemoryStateStore(TimeProvider time) : IStateStore
{
    // The page size of Azure. It also limits how long a query or a sweep holds the lock.
    private const int PageSize = 1000;

    // Keys cannot contain this character, and it sorts before every other one. Therefore, key + Nul is the first string after key, and Nul
    // can separate two keys in a continuation.
    private const char Nul = '\0';

    private readonly Lock _lock = new();
    private readonly SortedSet<Entry> _entries = new(Entry.ByKey);
    private long _version;

    public Task<StateRow?> FindAsync(StateKey key, CancellationToken cancellationToken)
    {
        StateChecks.Key(key);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return Task.FromResult(Live(key)?.ToRow());
        }
    }

    public Task<string?> TryInsertAsync(StateKey key, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        StateChecks.Key(key);
        StateChecks.Content(body, expiresAt);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return Task.FromResult(Live(key) is null ? Write(key, body, expiresAt) : null);
        }
    }

    public Task<string?> TryReplaceAsync(
        StateKey key, string etag, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        StateChecks.Key(key);
        StateChecks.ETag(etag);
        StateChecks.Content(body, expiresAt);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return Task.FromResult(Live(key)?.ETag == etag ? Write(key, body, expiresAt) : null);
        }
    }

    public Task DeleteAsync(StateKey key, CancellationToken cancellationToken)
    {
        StateChecks.Key(key);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            _entries.Remove(Entry.Probe(key));
            return Task.CompletedTask;
        }
    }

    public Task<bool> TryDeleteAsync(StateKey key, string etag, CancellationToken cancellationToken)
    {
        StateChecks.Key(key);
        StateChecks.ETag(etag);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return Task.FromResult(Live(key)?.ETag == etag && _entries.Remove(Entry.Probe(key)));
        }
    }

    public IAsyncEnumerable<StateRow> QueryAsync(string table, string partition, StateRange range, CancellationToken cancellationToken)
    {
        StateChecks.Query(table, partition, range);
        return Rows(table, partition, range, cancellationToken).ToAsyncEnumerable();
    }

    public Task<bool> TryCommitAsync(
        string table, string partition, IReadOnlyList<StateChange> changes, CancellationToken cancellationToken)
    {
        StateChecks.Batch(table, partition, changes);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (!changes.All(change => IsConditionMet(new StateKey(table, partition, change.Row), change)))
            {
                return Task.FromResult(false);
            }

            foreach (var change in changes)
            {
                Apply(new StateKey(table, partition, change.Row), change);
            }

            return Task.FromResult(true);
        }
    }

    public Task<StateSweep> SweepAsync(string table, string? continuation, CancellationToken cancellationToken)
    {
        StateChecks.Table(table);
        cancellationToken.ThrowIfCancellationRequested();
        var after = continuation?.Split(Nul) ?? ["", ""];
        lock (_lock)
        {
            var page = Page(new StateKey(table, after[0], after[1] + Nul), new StateKey(table + Nul, "", ""));
            var now = time.GetUtcNow();
            var deleted = page.Count(entry => entry.ExpiresAt <= now && _entries.Remove(entry));
            return Task.FromResult(
                new StateSweep(deleted, page.Count < PageSize ? null : $"{page[^1].Key.Partition}{Nul}{page[^1].Key.Row}"));
        }
    }

    private IEnumerable<StateRow> Rows(string table, string partition, StateRange range, CancellationToken cancellationToken)
    {
        var from = new StateKey(table, partition, range.After + Nul);
        var to = range.Before is null ? new StateKey(table, partition + Nul, "") : new StateKey(table, partition, range.Before);
        List<Entry> page;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            lock (_lock)
            {
                page = Page(from, to);
            }

            foreach (var entry in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (entry.ExpiresAt > time.GetUtcNow())
                {
                    yield return entry.ToRow();
                }

                from = entry.Key with { Row = entry.Key.Row + Nul };
            }
        }
        while (page.Count == PageSize);
    }

    /// <summary>Returns the first page of entries from <paramref name="from"/>, and before <paramref name="to"/>.</summary>
    private List<Entry> Page(StateKey from, StateKey to)
    {
        var (first, end) = (Entry.Probe(from), Entry.Probe(to));
        return Entry.ByKey.Compare(first, end) >= 0
            ? []
            : [.. _entries.GetViewBetween(first, end).TakeWhile(entry => Entry.ByKey.Compare(entry, end) < 0).Take(PageSize)];
    }

    private Entry? Live(StateKey key) =>
        _entries.TryGetValue(Entry.Probe(key), out var entry) && entry.ExpiresAt > time.GetUtcNow() ? entry : null;

    private bool IsConditionMet(StateKey key, StateChange change) => change switch
    {
        StateChange.Insert => Live(key) is null,
        StateChange.Replace replace => Live(key)?.ETag == replace.ETag,
        StateChange.Delete { ETag: { } etag } => Live(key)?.ETag == etag,
        _ => true,
    };

    private void Apply(StateKey key, StateChange change)
    {
        switch (change)
        {
            case StateChange.Insert insert:
                Write(key, insert.Body, insert.ExpiresAt);
                break;
            case StateChange.Replace replace:
                Write(key, replace.Body, replace.ExpiresAt);
                break;
            default:
                _entries.Remove(Entry.Probe(key));
                break;
        }
    }

    private string Write(StateKey key, BinaryData body, DateTimeOffset expiresAt)
    {
        // The body is copied, because the caller may reuse its memory.
        var entry = new Entry(
            key, BinaryData.FromBytes(body.ToArray()), (++_version).ToString("x", CultureInfo.InvariantCulture), expiresAt);
        _entries.Remove(entry);
        _entries.Add(entry);
        return entry.ETag;
    }

    private sealed record Entry(StateKey Key, BinaryData Body, string ETag, DateTimeOffset ExpiresAt)
    {
        public static readonly Comparer<Entry> ByKey = Comparer<Entry>.Create((left, right) =>
            string.Compare(left.Key.Table, right.Key.Table, StringComparison.OrdinalIgnoreCase) is var table and not 0 ? table
            : string.CompareOrdinal(left.Key.Partition, right.Key.Partition) is var partition and not 0 ? partition
            : string.CompareOrdinal(left.Key.Row, right.Key.Row));

        /// <summary>Creates an entry to look a key up with. The set compares only keys.</summary>
        public static Entry Probe(StateKey key) => new(key, BinaryData.Empty, "", default);

        public StateRow ToRow() => new(Key, Body, ETag, ExpiresAt);
    }
}
