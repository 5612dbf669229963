namespace RemoteMcp.Tools.Analytics.Store;

/// <summary>
/// The metrics that callers can query, from the imports that count at one moment. A query that started with a catalog does not see later
/// imports.
/// </summary>
internal sealed class Catalog
{
    private readonly SortedDictionary<string, Metric> _metrics = new(StringComparer.Ordinal);

    /// <summary>Gets the metrics by name.</summary>
    public IReadOnlyDictionary<string, Metric> Metrics => _metrics;

    /// <summary>Reads the catalog. Needs one storage transaction for a thousand imports.</summary>
    public static async Task<Catalog> ReadAsync(ImportLog log, CancellationToken cancellationToken)
    {
        var catalog = new Catalog();
        await foreach (var import in log.ReadAsync(cancellationToken))
        {
            foreach ((var name, var imported) in import.Record.Metrics)
            {
                if (!catalog._metrics.TryGetValue(name, out var metric))
                {
                    catalog._metrics.Add(name, metric = new Metric(name));
                }

                metric.Add(import.Record.RowsId, imported);
            }
        }

        return catalog;
    }
}
