using Azure.Data.Tables;

namespace RemoteMcp.State.Tables;

/// <summary>Deletes the expired rows of one page of a table: together where they share a partition, and only as they were read.</summary>
internal static class TableSweep
{
    private const int Concurrency = 4;

    public static async Task<StateSweep> RunAsync(StorageTable table, string? continuation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var page = await table.GetPageAsync(TableFilters.Expired(now), ["PartitionKey", "RowKey"], continuation, cancellationToken);
        if (page is null)
        {
            return new StateSweep(0, null);
        }

        var deleted = 0;
        var batches = page.Values.GroupBy(entity => entity.PartitionKey).SelectMany(rows => rows.Chunk(StateLimits.MaxBatchOperations));
        var options = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(batches, options, async (rows, token) => Interlocked.Add(ref deleted, await DeleteAsync(table, rows, token)));
        return new StateSweep(deleted, page.ContinuationToken);
    }

    private static async Task<int> DeleteAsync(StorageTable table, TableEntity[] rows, CancellationToken cancellationToken)
    {
        var actions = Array.ConvertAll(rows, row => new TableTransactionAction(TableTransactionActionType.Delete, row, row.ETag));
        if (rows.Length > 1 && await table.TrySubmitAsync(actions, cancellationToken) is null)
        {
            return rows.Length;
        }

        // Alone, or one of them came back to life: then each for itself.
        var deleted = 0;
        foreach (var row in rows)
        {
            deleted += await table.TryDeleteAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken) ? 1 : 0;
        }

        return deleted;
    }
}
