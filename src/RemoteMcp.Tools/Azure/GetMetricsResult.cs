using System.ComponentModel;

namespace RemoteMcp.Tools.Azure;

/// <summary>The values of a metric in one interval.</summary>
internal sealed record PointResult([property: Description("The start of the interval, UTC.")] string Time)
{
    /// <summary>Gets the average.</summary>
    [Description("The average. Absent if it was not requested, or if nothing was measured.")]
    public double? Average { get; init; }

    /// <summary>Gets the smallest value.</summary>
    [Description("The smallest value. Absent for the same reasons.")]
    public double? Minimum { get; init; }

    /// <summary>Gets the largest value.</summary>
    [Description("The largest value. Absent for the same reasons.")]
    public double? Maximum { get; init; }

    /// <summary>Gets the sum.</summary>
    [Description("The sum. Absent for the same reasons.")]
    public double? Total { get; init; }

    /// <summary>Gets the number of samples.</summary>
    [Description("The number of samples. Absent for the same reasons.")]
    public double? Count { get; init; }

    internal bool IsEmpty => (Average ?? Minimum ?? Maximum ?? Total ?? Count) is null;
}

/// <summary>The values of a metric over time, for one combination of dimensions.</summary>
internal sealed record SeriesResult(
    [property: Description("The metric's name.")] string Metric,
    [property: Description("The metric's unit, such as Count, Bytes, Percent, MilliSeconds.")] string Unit,
    [property: Description("The points with measured values, in chronological order.")] IReadOnlyList<PointResult> Points)
{
    /// <summary>Gets the dimensions.</summary>
    [Description("The values of the dimensions that filter selects.")]
    public IReadOnlyDictionary<string, string>? Dimensions { get; init; }
}

/// <summary>The structured result of the <c>get_metrics</c> tool.</summary>
internal sealed record GetMetricsResult(
    [property: Description("The id of the resource.")] string ResourceId,
    [property: Description("The start of the time range, UTC.")] string From,
    [property: Description("The end of the time range, UTC.")] string To,
    [property: Description("The length of an interval, as an ISO 8601 duration.")] string Interval,
    [property: Description("One series for each metric and combination of dimensions.")] IReadOnlyList<SeriesResult> Series,
    [property: Description("Whether points were omitted because there are too many.")] bool Truncated)
{
    /// <summary>Gets the notes.</summary>
    [Description("Notes about the result: metrics without values, omitted points.")]
    public IReadOnlyList<string>? Notes { get; init; }
}
