namespace RemoteMcp.Tools.Analytics.Store;

/// <summary>
/// The record of an imported file, which is the body of a row in the partition <c>imports</c>. The rows of the days count only while this
/// row refers to them. An import therefore counts completely or not at all.
/// </summary>
internal sealed record ImportRecord
{
    private static readonly Dictionary<string, ImportedMetric> s_nothing = [];

    /// <summary>Gets the name of the file, without its folder.</summary>
    public required string File { get; init; }

    /// <summary>Gets the time of the import.</summary>
    public required DateTimeOffset ImportedAt { get; init; }

    /// <summary>Gets the time zone that determines the day of an event.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Gets the part of the row keys that identifies this import.</summary>
    public required string RowsId { get; init; }

    /// <summary>Gets the number of lines that were skipped because they are invalid.</summary>
    public required long BadLines { get; init; }

    /// <summary>Gets the data of each metric. Empty if the import was removed.</summary>
    public required IReadOnlyDictionary<string, ImportedMetric> Metrics { get; init; }

    /// <summary>
    /// Gets how often the import was removed. Each import after a removal has new row keys, so that the deletion of the old rows does not
    /// affect it.
    /// </summary>
    public int Removals { get; init; }

    /// <summary>Creates the record of an import that was removed or abandoned.</summary>
    public static ImportRecord Removed(ImportRecord import) => import with { Metrics = s_nothing, Removals = import.Removals + 1 };

    /// <summary>Gets whether the import was removed.</summary>
    public bool IsRemoved => Metrics.Count == 0;

    /// <summary>Gets the number of events.</summary>
    public long Events => Metrics.Values.Sum(metric => metric.Events);
}

/// <summary>The data that an import has for one metric.</summary>
/// <param name="From">The first day.</param>
/// <param name="To">The last day.</param>
/// <param name="Events">The number of events.</param>
/// <param name="Dimensions">The dimensions for which at least one event has a value.</param>
internal sealed record ImportedMetric(DateOnly From, DateOnly To, long Events, IReadOnlyList<string> Dimensions);
