using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace RemoteMcp.Tools.Analytics;

/// <summary>What metrics and dimensions may be called: the names are parts of storage keys, and a model has to type them.</summary>
internal static class AnalyticsName
{
    /// <summary>The longest name.</summary>
    public const int MaxLength = 64;

    /// <summary>The rule, for people.</summary>
    public const string Rule = "1 to 64 letters (a-z), digits, '_', '-' or '.', the first a letter";

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-.");

    /// <summary>Reads a name; upper case and white space around it do not matter.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? name)
    {
        name = text is { Length: <= 4 * MaxLength } ? text.Trim().ToLowerInvariant() : "";
        if (name.Length is > 0 and <= MaxLength && char.IsAsciiLetterLower(name[0]) && !name.AsSpan().ContainsAnyExcept(Allowed))
        {
            return true;
        }

        name = null;
        return false;
    }
}
