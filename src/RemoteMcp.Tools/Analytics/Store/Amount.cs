using System.Text.Json.Serialization;

namespace RemoteMcp.Tools.Analytics.Store;

/// <summary>
/// The amount of a set of events. The sum is exact: a value has at most 12 digits before and 6 after the decimal point, and a decimal can
/// hold the sum of 79 billion of the largest values.
/// </summary>
/// <param name="Sum">The sum of the values.</param>
/// <param name="Events">The number of events.</param>
internal readonly record struct Amount([property: JsonPropertyName("s")] decimal Sum, [property: JsonPropertyName("n")] long Events)
{
    public static Amount operator +(Amount left, Amount right) => new(left.Sum + right.Sum, left.Events + right.Events);

    public static Amount operator -(Amount left, Amount right) => new(left.Sum - right.Sum, left.Events - right.Events);
}
