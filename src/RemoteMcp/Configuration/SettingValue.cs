using System.Globalization;

namespace RemoteMcp.Configuration;

/// <summary>Checks that the text of a setting can be read as its type.</summary>
internal static class SettingValue
{
    private const string TimeFormat = "Write a time as hours:minutes:seconds, e.g. 00:00:15.";

    /// <summary>Returns a sentence that describes the expected format, or <see langword="null"/> if the text is valid.</summary>
    /// <param name="text">The text of the setting.</param>
    /// <param name="type">The type of the option.</param>
    public static string? FindProblem(string? text, Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlyingType)
        {
            // Deployment templates pass an empty value for a setting that is left out.
            return string.IsNullOrEmpty(text) ? null : FindProblem(text, underlyingType);
        }

        return type switch
        {
            _ when type == typeof(string) => null,
            _ when type == typeof(int) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
                ? null
                : "Write a whole number.",
            _ when type == typeof(bool) => bool.TryParse(text, out _) ? null : "Write true or false.",
            _ when type == typeof(TimeSpan) => FindTimeProblem(text),
            { IsEnum: true } => Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase)
                ? null
                : $"Write one of {string.Join(", ", Enum.GetNames(type))}.",
            _ => null,
        };
    }

    // TimeSpan.Parse reads "15" as 15 days, and "24:00:00" as 24 days. A person who writes this means seconds or hours, so it is refused.
    private static string? FindTimeProblem(string? text) =>
        long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? $"A number alone has no unit. {TimeFormat}"
        : !TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _) ? TimeFormat
        : int.TryParse(text.Split(':')[0], NumberStyles.Integer, CultureInfo.InvariantCulture, out var hours) && Math.Abs(hours) > 23
            ? "Write a time of a day or more as days.hours:minutes:seconds. For example, 24 hours are 1.00:00:00."
        : null;
}
