using System.Text.Json.Serialization;

namespace RemoteMcp.Tools.Analytics.Store;

/// <summary>
/// What some events come to. The sum is exact: a value has at most 12 digits before and 6 after the point, and a decimal holds the sum
/// of 79 billion of the largest.
/// </summary>
/// <param name="Sum">The sum of their values.</param>
/// <param name="Events">How many they are.</param>
internal readonly record struct Amount([property: JsonPropertyName("s")] decimal Sum, [property: JsonPropertyName("n")] long Events)
{
    public static Amount operator +(Amount left, Amount right) => new(left.Sum + right.Sum, left.Events + right.Events);

    public static Amount operator -(Amount left, Amount right) => new(left.Sum - right.Sum, left.Events - right.Events);
}
