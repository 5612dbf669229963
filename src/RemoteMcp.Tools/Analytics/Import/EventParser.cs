using System.Buffers;
using System.Text.Unicode;
using CsvHelper;

namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>Parses the cells of each line into the same <see cref="CsvEvent"/> instance.</summary>
internal sealed class EventParser(CsvReader reader, CsvHeader header, TimeZoneInfo zone)
{
    /// <summary>The maximum length of a value of a dimension, in UTF-16 characters.</summary>
    public const int MaxValueLength = 100;

    private static readonly SearchValues<char> s_controlCharacters = SearchValues.Create(
        [.. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(char.IsControl)]);

    // Metrics repeat, so each valid name is parsed once and cached. Invalid names are not cached, so that they cannot fill the memory.
    private readonly Dictionary<string, string> _metrics = new(StringComparer.Ordinal);

    public CsvEvent Event { get; } = new(header.Dimensions.Count);

    /// <summary>Parses the current line of the reader.</summary>
    /// <returns>The problem with the line and what is valid, or <see langword="null"/> if the line is valid.</returns>
    public string? FindProblem()
    {
        if (!Utf8.IsValid(reader.RawRecord))
        {
            return "is not UTF-8. Save the file as UTF-8.";
        }

        var timestamp = reader.GetString(header.TimestampColumn).Trim();
        if (!EventDay.TryParse(timestamp, zone, out var day))
        {
            return $"timestamp: {SafeText.Quote(timestamp)} is not a date and time. "
                + "Write it as ISO 8601, such as 2026-03-01T09:30:00Z or 2026-03-01.";
        }

        if (day < Period.First || day > Period.Last)
        {
            return $"timestamp: {SafeText.Quote(timestamp)} is out of range. Use a day from {Period.Text(Period.First)} to "
                + $"{Period.Text(Period.Last)}.";
        }

        Event.Day = day;
        return FindMetricProblem() ?? FindValueProblem() ?? FindDimensionProblem();
    }

    private string? FindMetricProblem()
    {
        var text = reader.GetString(header.MetricColumn);
        if (!_metrics.TryGetValue(text, out var metric))
        {
            if (!AnalyticsName.TryParse(text, out metric))
            {
                return $"metric: {SafeText.Quote(text)} is not a valid name. A name has {AnalyticsName.Rule}.";
            }

            if (_metrics.Count < DayTotals.MaxMetrics)
            {
                _metrics.Add(text, metric);
            }
        }

        Event.Metric = metric;
        return null;
    }

    private string? FindValueProblem()
    {
        var text = reader.GetString(header.ValueColumn).Trim();
        if (!EventValue.TryParse(text, out var value))
        {
            return $"value: {SafeText.Quote(text)} is not {EventValue.Rule}.";
        }

        Event.Value = value;
        return null;
    }

    private string? FindDimensionProblem()
    {
        for (var i = 0; i < header.DimensionColumns.Count; i++)
        {
            var value = reader.GetString(header.DimensionColumns[i]).Trim();
            if (value.Length > MaxValueLength)
            {
                return $"{header.Dimensions[i]}: has {value.Length} characters. Write at most {MaxValueLength}.";
            }

            if (value.AsSpan().ContainsAny(s_controlCharacters))
            {
                return $"{header.Dimensions[i]}: {SafeText.Quote(value)} has a control character. Remove it.";
            }

            Event.Values[i] = value;
        }

        return null;
    }
}
