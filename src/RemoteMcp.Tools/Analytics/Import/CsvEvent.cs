namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>An event.</summary>
internal sealed class CsvEvent(int dimensions)
{
    public DateOnly Day { get; set; }

    public string Metric { get; set; } = "";

    public decimal Value { get; set; }

    /// <summary>The value of each dimension; empty for none.</summary>
    public string[] Values { get; } = new string[dimensions];
}
