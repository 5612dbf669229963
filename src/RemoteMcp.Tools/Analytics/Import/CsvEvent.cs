namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>An event.</summary>
internal sealed class CsvEvent(int dimensions)
{
    public DateOnly Day { get; set; }

    public string Metric { get; set; } = "";

    public decimal Value { get; set; }

    /// <summary>Gets the value of each dimension. An empty string means no value.</summary>
    public string[] Values { get; } = new string[dimensions];
}
