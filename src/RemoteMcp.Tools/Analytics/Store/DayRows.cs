using RemoteMcp.Storage;

namespace RemoteMcp.Tools.Analytics.Store;

/// <summary>A row of <see cref="AnalyticsTable"/> that is not written yet. Its body is a <see cref="DayRow"/>.</summary>
internal readonly record struct NewDayRow(string Partition, string Row, BinaryData Body);

/// <summary>Reads, writes and deletes the rows of the days.</summary>
internal sealed class DayRows(IStateStore store)
{
    // Four concurrent requests read a year in a few round trips, and leave capacity of the storage account for others.
    private const int Parallelism = 4;

    // If two processes import the same file at once, each can find rows that the other one has just written, several times.
    private const int MaxAttempts = 10;

    /// <summary>
    /// Reads the rows of a metric that count, for one dimension or for the totals. Reads several months concurrently, in no defined order.
    /// </summary>
    /// <param name="metric">The metric.</param>
    /// <param name="dimension">The dimension, or an empty string for the totals.</param>
    /// <param name="days">The days.</param>
    /// <param name="use">The callback for each row. It is never called concurrently.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    public async Task ReadAsync(
        Metric metric, string dimension, Period days, Action<DateOnly, DayRow> use, CancellationToken cancellationToken)
    {
        var useLock = new Lock();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(days.Months(), parallel, async (month, cancel) =>
        {
            var range = AnalyticsTable.Range(dimension, days);
            await foreach (var row in store.QueryAsync(AnalyticsTable.Name, AnalyticsTable.Partition(metric.Name, month), range, cancel))
            {
                (var day, var rowsId) = AnalyticsTable.Read(row.Key.Row);
                if (metric.Counts(rowsId))
                {
                    var body = RowBody.ReadDay(row.Body);
                    lock (useLock)
                    {
                        use(day, body);
                    }
                }
            }
        });
    }

    /// <summary>Writes rows in batches, each for one partition. Rows that exist from an earlier attempt are not changed.</summary>
    /// <param name="rows">The rows, ordered by partition and row key.</param>
    /// <param name="cancellationToken">The token that cancels the operation between two batches.</param>
    public async Task WriteAsync(IEnumerable<NewDayRow> rows, CancellationToken cancellationToken)
    {
        var batch = new List<NewDayRow>();
        var bytes = 0;
        foreach (var row in rows)
        {
            if (batch.Count > 0
                && (batch.Count == StateLimits.MaxBatchOperations
                    || bytes + row.Body.Length > StateLimits.MaxBatchBytes
                    || batch[0].Partition != row.Partition))
            {
                await WriteBatchAsync(batch, cancellationToken);
                batch.Clear();
                bytes = 0;
            }

            batch.Add(row);
            bytes += row.Body.Length;
        }

        if (batch.Count > 0)
        {
            await WriteBatchAsync(batch, cancellationToken);
        }
    }

    /// <summary>Deletes the rows of an import that does not count, or that was removed.</summary>
    public async Task DeleteAsync(ImportRecord import, CancellationToken cancellationToken)
    {
        foreach ((var metric, var imported) in import.Metrics)
        {
            foreach (var month in new Period(imported.From, imported.To).Months())
            {
                var partition = AnalyticsTable.Partition(metric, month);
                var found = await store.QueryAsync(AnalyticsTable.Name, partition, default, cancellationToken)
                    .Where(row => AnalyticsTable.Read(row.Key.Row).RowsId == import.RowsId)
                    .Select(StateChange (row) => new StateChange.Delete(row.Key.Row, row.ETag))
                    .ToListAsync(cancellationToken);
                foreach (var batch in found.Chunk(StateLimits.MaxBatchOperations))
                {
                    // The storage refuses the batch if another process deletes the same rows. The rows are deleted in either case.
                    await store.TryCommitAsync(AnalyticsTable.Name, partition, batch, cancellationToken);
                }
            }
        }
    }

    private async Task WriteBatchAsync(List<NewDayRow> rows, CancellationToken cancellationToken)
    {
        var partition = rows[0].Partition;
        StateChange[] changes = [.. rows.Select(Insert)];
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (changes.Length == 0 || await store.TryCommitAsync(AnalyticsTable.Name, partition, changes, cancellationToken))
            {
                return;
            }

            changes = await MissingAsync(rows, cancellationToken);
        }

        throw new StateUnavailableException("Rows of an import kept changing while they were written.", TimeSpan.FromSeconds(1));
    }

    // An existing row is equal to the row to write, because the key of a row determines its body.
    private async Task<StateChange[]> MissingAsync(List<NewDayRow> rows, CancellationToken cancellationToken)
    {
        // Both bounds are exclusive: a prefix of a key sorts before the key, and a key with a suffix sorts after it.
        var range = new StateRange(After: rows[0].Row[..^1], Before: rows[^1].Row + "0");
        var present = await store.QueryAsync(AnalyticsTable.Name, rows[0].Partition, range, cancellationToken)
            .Select(row => row.Key.Row)
            .ToHashSetAsync(StringComparer.Ordinal, cancellationToken);
        return [.. rows.Where(row => !present.Contains(row.Row)).Select(Insert)];
    }

    private static StateChange Insert(NewDayRow row) => new StateChange.Insert(row.Row, row.Body, AnalyticsTable.Never);
}
