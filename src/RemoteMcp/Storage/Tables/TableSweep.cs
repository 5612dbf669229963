using Azure.Data.Tables;

namespace RemoteMcp.Storage.Tables;

/// <summary>
/// Deletes the expired rows of one page of a table. Rows of the same partition are deleted together. A row is deleted only in the version
/// that was read. Each request has its own timeout, because a page may have rows of a thousand partitions.
/// </summary>
internal sealed class TableSweep(StorageTable table, StorageClock clock)
{
    private const int Concurrency = 4;

    public async Task<StateSweep> RunAsync(string? continuation, CancellationToken cancellationToken)
    {
        var filter = TableFilters.Expired(clock.Now);
        var page = await SendAsync(
            token => table.GetPageAsync(filter, ["PartitionKey", "RowKey"], continuation, token), cancellationToken);
        if (page is null)
        {
            return new StateSweep(0, null);
        }

        var deleted = 0;
        var batches = page.Values.GroupBy(entity => entity.PartitionKey).SelectMany(rows => rows.Chunk(StateLimits.MaxBatchOperations));
        var options = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(batches, options, async (rows, token) => Interlocked.Add(ref deleted, await DeleteAsync(rows, token)));
        return new StateSweep(deleted, page.ContinuationToken);
    }

    private async Task<int> DeleteAsync(TableEntity[] rows, CancellationToken cancellationToken)
    {
        var actions = Array.ConvertAll(rows, row => new TableTransactionAction(TableTransactionActionType.Delete, row, row.ETag));
        if (rows.Length > 1 && await SendAsync(token => table.TrySubmitAsync(actions, token), cancellationToken) is null)
        {
            return rows.Length;
        }

        // There is only one row, or one of the rows was written again. Each row is deleted with its own request.
        var deleted = 0;
        foreach (var row in rows)
        {
            deleted += await SendAsync(token => table.TryDeleteAsync(row.PartitionKey, row.RowKey, row.ETag, token), cancellationToken)
                ? 1
                : 0;
        }

        return deleted;
    }

    private Task<T> SendAsync<T>(Func<CancellationToken, Task<T>> request, CancellationToken cancellationToken) =>
        TableOperation.RunAsync(clock.Time, request, cancellationToken);
}
