using System.Text.Json;

namespace RemoteMcp.Tools.Azure;

/// <summary>Reads the responses of Azure Monitor metrics.</summary>
internal static class MetricsAnswer
{
    private const int MaxSeries = 50;
    private const int MaxText = 200;

    /// <summary>Reads a response. The result has at most the given number of points in all series.</summary>
    public static GetMetricsResult Read(JsonElement answer, string resourceId, TimeRange range, int maxPoints)
    {
        var series = new List<SeriesResult>();
        var notes = new AzureNotes();
        var remainingPoints = maxPoints;
        var truncated = false;
        foreach (var metric in answer.GetProperty("value").EnumerateArray())
        {
            var name = Cut(metric.GetProperty("name").GetProperty("value").GetString()!);
            // One metric can fail in a response that is otherwise successful.
            var failed = metric.TryGetProperty("errorCode", out var code)
                && code.ValueKind == JsonValueKind.String
                && !code.ValueEquals("Success");
            notes.Add(
                failed,
                failed ? $"{AzureText.Cell(name)}: {SafeText.Line($"{code.GetString()} {Text(metric, "errorMessage")}", MaxText)}" : "");
            var measuredPoints = 0;
            foreach (var each in metric.GetProperty("timeseries").EnumerateArray())
            {
                PointResult[] measured = [.. each.GetProperty("data").EnumerateArray()
                    .Select(ReadPoint)
                    .Where(static point => !point.IsEmpty)];
                measuredPoints += measured.Length;
                truncated |= measured.Length > remainingPoints || series.Count == MaxSeries;
                if (series.Count < MaxSeries)
                {
                    var points = measured[..Math.Min(measured.Length, remainingPoints)];
                    series.Add(new SeriesResult(name, Text(metric, "unit") ?? "Unspecified", points)
                    {
                        Dimensions = ReadDimensions(each),
                    });
                    remainingPoints -= points.Length;
                }
            }

            notes.Add(measuredPoints == 0 && !failed, $"{AzureText.Cell(name)} has no values in this time range.");
        }

        notes.Add(truncated, $"There are more points or series than a result can have ({maxPoints} points, {MaxSeries} series). Use a "
            + "longer interval, a shorter timespan, or fewer metrics.");
        return new GetMetricsResult(
            resourceId, TimeRange.Text(range.From), TimeRange.Text(range.To), Text(answer, "interval") ?? "", series, truncated)
        {
            Notes = notes.All,
        };
    }

    private static PointResult ReadPoint(JsonElement point) => new(TimeRange.Text(point.GetProperty("timeStamp").GetDateTimeOffset()))
    {
        Average = Number(point, "average"),
        Minimum = Number(point, "minimum"),
        Maximum = Number(point, "maximum"),
        Total = Number(point, "total"),
        Count = Number(point, "count"),
    };

    private static Dictionary<string, string>? ReadDimensions(JsonElement series)
    {
        var dimensions = new Dictionary<string, string>(StringComparer.Ordinal);
        if (series.TryGetProperty("metadatavalues", out var values))
        {
            foreach (var value in values.EnumerateArray())
            {
                dimensions[Cut(value.GetProperty("name").GetProperty("value").GetString()!)] = Cut(value.GetProperty("value").GetString()!);
            }
        }

        return dimensions.Count == 0 ? null : dimensions;
    }

    private static double? Number(JsonElement point, string name) =>
        point.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? Cut(value.GetString()!)
            : null;

    private static string Cut(string text) => SafeText.Truncate(text, MaxText);
}
