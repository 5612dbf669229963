using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;

namespace RemoteMcp.Storage.Tables;

/// <summary>Stores the rows in Azure Table Storage, so that every instance sees them.</summary>
/// <remarks>
/// Storage transactions: find, replace, and delete 1. Insert 1, plus 2 when an expired row exists, or plus 1 when a live row exists. Batch
/// 1. Query 1 for each page of 1,000 rows. Sweep 1 for each page, plus 1 for up to 100 rows of a partition that it deletes. Operations take
/// more only after a failure. The first write to a table that does not exist adds 2.
/// </remarks>
/// <param name="service">The storage account.</param>
/// <param name="prefix">The prefix of every table name.</param>
/// <param name="clock">The clock of the storage, by which rows expire. Callers use the clock of this machine.</param>
internal sealed class TableStateStore(TableServiceClient service, string prefix, StorageClock clock) : IStateStore
{
    // Other instances may insert and delete the row between the requests of an insert. After this many attempts, the insert fails.
    private const int MaxInsertAttempts = 8;

    private readonly ConcurrentDictionary<string, StorageTable> _tables = new(StringComparer.OrdinalIgnoreCase);

    public Task<StateRow?> FindAsync(StateKey key, CancellationToken cancellationToken)
    {
        StateChecks.Key(key);
        return RunAsync(
            async token => await Table(key.Table).GetAsync(key.Partition, key.Row, select: null, token) is { } entity && IsLive(entity)
                ? ToRow(entity, key.Table)
                : null,
            cancellationToken);
    }

    public Task<string?> TryInsertAsync(StateKey key, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        StateChecks.Key(key);
        StateChecks.Content(body, expiresAt);
        return RunAsync(token => InsertAsync(key, body, clock.ToStorage(expiresAt), token), cancellationToken);
    }

    public Task<string?> TryReplaceAsync(
        StateKey key, string etag, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        StateChecks.Key(key);
        StateChecks.ETag(etag);
        StateChecks.Content(body, expiresAt);
        return RunAsync(token => ReplaceAsync(key, RowVersion.Parse(etag), body, clock.ToStorage(expiresAt), token), cancellationToken);
    }

    public Task DeleteAsync(StateKey key, CancellationToken cancellationToken)
    {
        StateChecks.Key(key);
        return RunAsync(token => Table(key.Table).TryDeleteAsync(key.Partition, key.Row, ETag.All, token), cancellationToken);
    }

    public Task<bool> TryDeleteAsync(StateKey key, string etag, CancellationToken cancellationToken)
    {
        StateChecks.Key(key);
        StateChecks.ETag(etag);
        return RunAsync(token => DeleteVersionAsync(key, RowVersion.Parse(etag), token), cancellationToken);
    }

    public IAsyncEnumerable<StateRow> QueryAsync(string table, string partition, StateRange range, CancellationToken cancellationToken)
    {
        StateChecks.Query(table, partition, range);
        return Rows(table, partition, range, cancellationToken);
    }

    public Task<bool> TryCommitAsync(
        string table, string partition, IReadOnlyList<StateChange> changes, CancellationToken cancellationToken)
    {
        StateChecks.Batch(table, partition, changes);
        return RunAsync(new TableBatch(Table(table), partition, [.. changes.Select(ToStorage)], clock).TryCommitAsync, cancellationToken);
    }

    public Task<StateSweep> SweepAsync(string table, string? continuation, CancellationToken cancellationToken)
    {
        StateChecks.Table(table);
        return new TableSweep(Table(table), clock).RunAsync(continuation, cancellationToken);
    }

    /// <summary>
    /// Returns the exception for a conditional deletion that was sent more than once and was refused the last time. It is unknown whether
    /// an earlier attempt or another instance deleted the row, and exactly one caller may report success.
    /// </summary>
    internal static StateUnavailableException DeletionResultUnknown() =>
        new("Table Storage did not report whether it deleted a row.", TimeSpan.FromSeconds(1));

    private async Task<string?> InsertAsync(StateKey key, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var table = Table(key.Table);
        var writeId = Guid.NewGuid();
        var entity = TableRow.Create(key.Partition, key.Row, writeId, body, expiresAt);
        for (var attempt = 0; attempt < MaxInsertAttempts; attempt++)
        {
            if (await table.TryAddAsync(entity, cancellationToken) is { } added)
            {
                return new RowVersion(expiresAt, added).ToString();
            }

            var existing = await table.GetAsync(key.Partition, key.Row, TableRow.PropertiesWithoutBody, cancellationToken);
            if (existing is null)
            {
                continue;
            }

            if (existing.IsWriteOf(writeId))
            {
                return existing.Version().ToString();
            }

            if (IsLive(existing))
            {
                return null;
            }

            if (await table.TryReplaceAsync(entity, existing.ETag, cancellationToken) is { } replaced)
            {
                return new RowVersion(expiresAt, replaced).ToString();
            }
        }

        throw new StateUnavailableException("A row kept changing while the server tried to insert it.", TimeSpan.FromSeconds(1));
    }

    private async Task<string?> ReplaceAsync(
        StateKey key, RowVersion version, BinaryData body, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        if (!IsLive(version))
        {
            return null;
        }

        var table = Table(key.Table);
        var writeId = Guid.NewGuid();
        var retries = new RetryTracker();
        using (retries.Track())
        {
            var entity = TableRow.Create(key.Partition, key.Row, writeId, body, expiresAt);
            if (await table.TryReplaceAsync(entity, version.ETag, cancellationToken) is { } replaced)
            {
                return new RowVersion(expiresAt, replaced).ToString();
            }
        }

        if (!retries.HasRetried)
        {
            return null;
        }

        var existing = await table.GetAsync(key.Partition, key.Row, TableRow.PropertiesWithoutBody, cancellationToken);
        return existing is not null && existing.IsWriteOf(writeId) ? existing.Version().ToString() : null;
    }

    private async Task<bool> DeleteVersionAsync(StateKey key, RowVersion version, CancellationToken cancellationToken)
    {
        if (!IsLive(version))
        {
            return false;
        }

        var retries = new RetryTracker();
        using (retries.Track())
        {
            if (await Table(key.Table).TryDeleteAsync(key.Partition, key.Row, version.ETag, cancellationToken))
            {
                return true;
            }
        }

        return retries.HasRetried ? throw DeletionResultUnknown() : false;
    }

    private async IAsyncEnumerable<StateRow> Rows(
        string table, string partition, StateRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableFilters.Live(partition, range, clock.Now);
        string? continuation = null;
        do
        {
            var page = await RunAsync(token => Table(table).GetPageAsync(filter, select: null, continuation, token), cancellationToken);
            foreach (var entity in page?.Values ?? [])
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (IsLive(entity))
                {
                    yield return ToRow(entity, table);
                }
            }

            continuation = page?.ContinuationToken;
        }
        while (continuation is not null);
    }

    private Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken) =>
        TableOperation.RunAsync(clock.Time, operation, cancellationToken);

    private bool IsLive(TableEntity entity) => entity.ExpiresAt() > clock.Now;

    private bool IsLive(RowVersion version) => version.ExpiresAt > clock.Now;

    private StateRow ToRow(TableEntity entity, string table)
    {
        var row = entity.ToRow(table);
        return row with { ExpiresAt = clock.ToMachine(row.ExpiresAt) };
    }

    private StateChange ToStorage(StateChange change) => change switch
    {
        StateChange.Insert insert => insert with { ExpiresAt = clock.ToStorage(insert.ExpiresAt) },
        StateChange.Replace replace => replace with { ExpiresAt = clock.ToStorage(replace.ExpiresAt) },
        _ => change,
    };

    private StorageTable Table(string table) =>
        _tables.GetOrAdd(table, static (name, store) => store.Open(name), this);

    private StorageTable Open(string table) => new(service.GetTableClient(prefix + table));
}
