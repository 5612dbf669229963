using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace RemoteMcp.Tools.Analytics;

/// <summary>
/// Validates the names of metrics and dimensions. The names are parts of storage keys, and a model must be able to type them.
/// </summary>
internal static class AnalyticsName
{
    /// <summary>The maximum length of a name.</summary>
    public const int MaxLength = 64;

    /// <summary>The rule for names, as text for users.</summary>
    public const string Rule = "1 to 64 letters (a-z), digits, '_', '-' or '.', and starts with a letter";

    private static readonly SearchValues<char> s_allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-.");

    /// <summary>Parses a name. Letter case and surrounding white space are ignored.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? name)
    {
        name = text is { Length: <= 4 * MaxLength } ? text.Trim().ToLowerInvariant() : "";
        if (name.Length is > 0 and <= MaxLength && char.IsAsciiLetterLower(name[0]) && !name.AsSpan().ContainsAnyExcept(s_allowed))
        {
            return true;
        }

        name = null;
        return false;
    }
}
