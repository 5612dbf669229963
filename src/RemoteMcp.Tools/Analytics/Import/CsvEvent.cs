namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>The event of one line of a CSV file. <see cref="EventParser"/> uses the same instance for every line.</summary>
/// <param name="dimensions">The number of dimensions in the file.</param>
internal sealed class CsvEvent(int dimensions)
{
    public DateOnly Day { get; set; }

    public string Metric { get; set; } = "";

    public decimal Value { get; set; }

    /// <summary>Gets the value of each dimension. An empty string means no value.</summary>
    public string[] Values { get; } = new string[dimensions];
}
