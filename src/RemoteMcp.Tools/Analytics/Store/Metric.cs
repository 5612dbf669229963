namespace RemoteMcp.Tools.Analytics.Store;

/// <summary>A metric, with the data of all imports together.</summary>
internal sealed class Metric(string name)
{
    private readonly HashSet<string> _rowsIds = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _dimensions = new(StringComparer.Ordinal);

    public string Name => name;

    /// <summary>Gets the dimensions that the metric can be grouped by, in addition to the day.</summary>
    public IReadOnlyCollection<string> Dimensions => _dimensions;

    /// <summary>Gets the period from the first to the last day.</summary>
    public Period Days { get; private set; } = new(DateOnly.MaxValue, DateOnly.MinValue);

    public long Events { get; private set; }

    /// <summary>Returns whether the rows of an import count.</summary>
    public bool Counts(string rowsId) => _rowsIds.Contains(rowsId);

    /// <summary>Adds the data of one import.</summary>
    public void Add(string rowsId, ImportedMetric imported)
    {
        _rowsIds.Add(rowsId);
        _dimensions.UnionWith(imported.Dimensions);
        Days = new(imported.From < Days.From ? imported.From : Days.From, imported.To > Days.To ? imported.To : Days.To);
        Events += imported.Events;
    }
}
