using System.ComponentModel;

namespace RemoteMcp.Tools.Azure;

/// <summary>The values of a metric in one interval.</summary>
internal sealed record PointResult([property: Description("The start of the interval, UTC.")] string Time)
{
    /// <summary>Gets the average.</summary>
    [Description("The average, where it was asked for and anything was measured.")]
    public double? Average { get; init; }

    /// <summary>Gets the smallest value.</summary>
    [Description("The smallest value, likewise.")]
    public double? Minimum { get; init; }

    /// <summary>Gets the largest value.</summary>
    [Description("The largest value, likewise.")]
    public double? Maximum { get; init; }

    /// <summary>Gets the sum.</summary>
    [Description("The sum, likewise.")]
    public double? Total { get; init; }

    /// <summary>Gets the number of samples.</summary>
    [Description("The number of samples, likewise.")]
    public double? Count { get; init; }

    internal bool IsEmpty => (Average ?? Minimum ?? Maximum ?? Total ?? Count) is null;
}

/// <summary>The values of a metric over time, for one combination of dimensions.</summary>
internal sealed record SeriesResult(
    [property: Description("The metric's name.")] string Metric,
    [property: Description("Its unit, such as Count, Bytes, Percent, MilliSeconds.")] string Unit,
    [property: Description("The points at which anything was measured, in order of time.")] IReadOnlyList<PointResult> Points)
{
    /// <summary>Gets the dimensions.</summary>
    [Description("The values of the dimensions that filter asked for.")]
    public IReadOnlyDictionary<string, string>? Dimensions { get; init; }
}

/// <summary>The structured result of the <c>get_metrics</c> tool.</summary>
internal sealed record GetMetricsResult(
    [property: Description("The resource.")] string ResourceId,
    [property: Description("The start of the time that was looked at, UTC.")] string From,
    [property: Description("Its end.")] string To,
    [property: Description("How long an interval is, ISO 8601.")] string Interval,
    [property: Description("One series for each metric and combination of dimensions.")] IReadOnlyList<SeriesResult> Series,
    [property: Description("Whether points were left out because there are too many.")] bool Truncated)
{
    /// <summary>Gets the notes.</summary>
    [Description("What else is to be known of the answer: metrics without values, points that were cut.")]
    public IReadOnlyList<string>? Notes { get; init; }
}
