namespace RemoteMcp.Tools.Analytics.Store;

/// <summary>What there is to ask for, as the imports that count say at one moment. A query that began with it sees no later import.</summary>
internal sealed class Catalog
{
    private readonly SortedDictionary<string, Metric> _metrics = new(StringComparer.Ordinal);

    /// <summary>The metrics, by name.</summary>
    public IReadOnlyDictionary<string, Metric> Metrics => _metrics;

    /// <summary>Reads it: one transaction for a thousand imports.</summary>
    public static async Task<Catalog> ReadAsync(ImportLog log, CancellationToken cancellationToken)
    {
        var catalog = new Catalog();
        await foreach (LoggedImport import in log.ReadAsync(cancellationToken))
        {
            foreach ((string name, ImportedMetric imported) in import.Record.Metrics)
            {
                if (!catalog._metrics.TryGetValue(name, out Metric? metric))
                {
                    catalog._metrics.Add(name, metric = new Metric(name));
                }

                metric.Add(import.Record.RowsId, imported);
            }
        }

        return catalog;
    }
}
