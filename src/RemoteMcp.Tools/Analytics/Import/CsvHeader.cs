namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>The header of a file: the positions of the required columns and of the dimensions.</summary>
internal sealed class CsvHeader
{
    /// <summary>The maximum number of dimensions of a file.</summary>
    public const int MaxDimensions = 16;

    private const int RequiredColumns = 3;
    private const string Timestamp = "timestamp";
    private const string Metric = "metric";
    private const string Value = "value";

    // These names have another meaning in group_by.
    private static readonly string[] s_reserved = ["day", "total"];

    private CsvHeader(List<string> names)
    {
        (TimestampColumn, MetricColumn, ValueColumn) = (names.IndexOf(Timestamp), names.IndexOf(Metric), names.IndexOf(Value));
        DimensionColumns = [.. Enumerable.Range(0, names.Count).Except([TimestampColumn, MetricColumn, ValueColumn])];
        Dimensions = [.. DimensionColumns.Select(column => names[column])];
    }

    public int TimestampColumn { get; }

    public int MetricColumn { get; }

    public int ValueColumn { get; }

    public IReadOnlyList<int> DimensionColumns { get; }

    public IReadOnlyList<string> Dimensions { get; }

    /// <summary>Parses the header.</summary>
    /// <exception cref="ImportException">A column is missing, occurs twice, or has an invalid name.</exception>
    public static CsvHeader Parse(IReadOnlyList<string> cells)
    {
        var names = new List<string>(cells.Count);
        foreach (var cell in cells)
        {
            var name = AnalyticsName.TryParse(cell, out var valid) ? valid
                : throw new ImportException($"The header has a column {SafeText.Quote(cell)}, which is not a valid name. Columns are "
                    + $"separated by commas. A name has {AnalyticsName.Rule}.");
            if (names.Contains(name))
            {
                throw new ImportException($"The header has the column '{name}' twice. Rename or remove one.");
            }

            if (s_reserved.Contains(name))
            {
                throw new ImportException($"The header has a column '{name}', which cannot be a dimension's name. Rename it.");
            }

            names.Add(name);
        }

        string[] missing = [.. new[] { Timestamp, Metric, Value }.Except(names)];
        if (missing.Length > 0)
        {
            throw new ImportException(
                $"The header has no column '{string.Join("', '", missing)}'. "
                    + $"The first line must name {Timestamp}, {Metric}, {Value} and any dimensions, separated by commas.");
        }

        var dimensionCount = names.Count - RequiredColumns;
        return dimensionCount <= MaxDimensions ? new CsvHeader(names)
            : throw new ImportException($"The header has {dimensionCount} dimensions. Keep at most {MaxDimensions} that people "
                + "will group by.");
    }
}
