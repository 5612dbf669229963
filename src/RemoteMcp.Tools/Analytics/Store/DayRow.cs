using System.Text.Json.Serialization;

namespace RemoteMcp.Tools.Analytics.Store;

/// <summary>
/// The body of a row: the data that one import has for one metric on one day, either the total or by the values of one dimension. See
/// <see cref="AnalyticsTable"/> for the keys.
/// </summary>
internal sealed record DayRow
{
    /// <summary>Gets the total. Set only in rows without a dimension.</summary>
    [JsonPropertyName("t")]
    public Amount? Total { get; init; }

    /// <summary>
    /// Gets the amounts by value of the dimension. Events without a value are not included: they are the difference from
    /// <see cref="Total"/>.
    /// </summary>
    [JsonPropertyName("v")]
    public IReadOnlyDictionary<string, Amount>? Values { get; init; }

    /// <summary>Gets the amount of all values beyond the maximum that one import keeps separately.</summary>
    [JsonPropertyName("o")]
    public Amount? Other { get; init; }
}
