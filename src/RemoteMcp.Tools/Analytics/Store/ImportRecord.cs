namespace RemoteMcp.Tools.Analytics.Store;

/// <summary>
/// That a file was imported: the body of its row among the imports. Rows of days count exactly as long as this row names them, so an
/// import counts as a whole or not at all.
/// </summary>
internal sealed record ImportRecord
{
    private static readonly Dictionary<string, ImportedMetric> Nothing = [];

    /// <summary>The file's name, without its folder.</summary>
    public required string File { get; init; }

    /// <summary>When it was imported.</summary>
    public required DateTimeOffset ImportedAt { get; init; }

    /// <summary>The time zone that decided on which day an event is counted.</summary>
    public required string TimeZone { get; init; }

    /// <summary>The part of the keys of its rows that names this import.</summary>
    public required string RowsId { get; init; }

    /// <summary>How many lines were left out because they could not be read.</summary>
    public required long BadLines { get; init; }

    /// <summary>What it has; empty when it was removed.</summary>
    public required IReadOnlyDictionary<string, ImportedMetric> Metrics { get; init; }

    /// <summary>How often it was removed again. Each import after that has rows of its own, which the deletion of the former ones does not meet.</summary>
    public int Removals { get; init; }

    /// <summary>What stands for an import that was taken back or given up.</summary>
    public static ImportRecord Removed(ImportRecord import) => import with { Metrics = Nothing, Removals = import.Removals + 1 };

    /// <summary>Whether it counts no more.</summary>
    public bool IsRemoved => Metrics.Count == 0;

    /// <summary>How many events it has.</summary>
    public long Events => Metrics.Values.Sum(metric => metric.Events);
}

/// <summary>What an import has of one metric.</summary>
/// <param name="From">The first day.</param>
/// <param name="To">The last day.</param>
/// <param name="Events">How many events.</param>
/// <param name="Dimensions">The dimensions of which at least one event has a value.</param>
internal sealed record ImportedMetric(DateOnly From, DateOnly To, long Events, IReadOnlyList<string> Dimensions);
