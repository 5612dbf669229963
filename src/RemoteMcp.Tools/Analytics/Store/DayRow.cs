using System.Text.Json.Serialization;

namespace RemoteMcp.Tools.Analytics.Store;

/// <summary>
/// What one import says of one metric on one day: in all, or by the values of one dimension. The body of a row; see
/// <see cref="AnalyticsTable"/> for its key.
/// </summary>
internal sealed record DayRow
{
    /// <summary>In all; only without a dimension.</summary>
    [JsonPropertyName("t")]
    public Amount? Total { get; init; }

    /// <summary>By the dimension's values. Events without a value are in none, and so are the difference to <see cref="Total"/>.</summary>
    [JsonPropertyName("v")]
    public IReadOnlyDictionary<string, Amount>? Values { get; init; }

    /// <summary>What belongs to values beyond those that one import tells apart.</summary>
    [JsonPropertyName("o")]
    public Amount? Other { get; init; }
}
