using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace RemoteMcp.Tools.Analytics;

/// <summary>Finds time zones by their IANA names.</summary>
internal static partial class TimeZones
{
    /// <summary>Finds a time zone.</summary>
    /// <returns>Whether the time zone exists. Names that could be the path of another file are refused.</returns>
    public static bool TryFind(string? id, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = null;
        return id is not null && Name.IsMatch(id) && TimeZoneInfo.TryFindSystemTimeZoneById(id, out zone);
    }

    // The runtime uses the name as the path of a file below the folder of the machine's time zones.
    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_+-]{0,31}(/[A-Za-z][A-Za-z0-9_+-]{0,31}){0,2}\z")]
    private static partial Regex Name { get; }
}
