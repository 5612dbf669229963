using System.Text.RegularExpressions;

namespace RemoteMcp.Tools.Azure.Kql;

/// <summary>
/// Defines the content of typed literals, such as <c>datetime(2026-01-31)</c>
/// (https://learn.microsoft.com/kusto/query/scalar-data-types/). Kusto reads the characters up to the next closing parenthesis as one
/// token, without strings and comments. Therefore only content that has no other meaning is allowed.
/// </summary>
internal static partial class KqlTypedLiterals
{
    /// <summary>The maximum length of the content, in characters.</summary>
    public const int MaxContent = 64;

    /// <summary>Returns the pattern for the content of a type's literals, or <see langword="null"/> for another name.</summary>
    public static Regex? Pattern(ReadOnlySpan<char> type) => type switch
    {
        "bool" => Bool(),
        "int" or "int32" or "long" or "int64" => Integer(),
        "real" or "double" or "decimal" => Real(),
        "datetime" or "date" => DateAndTime(),
        "timespan" or "time" => Duration(),
        "guid" => Id(),
        _ => null,
    };

    /// <summary>Returns an example of a type's literals.</summary>
    public static string Example(ReadOnlySpan<char> type) => type switch
    {
        "bool" => "bool(true)",
        "int" or "int32" or "long" or "int64" => $"{type}(42)",
        "real" or "double" or "decimal" => $"{type}(1.5)",
        "datetime" or "date" => $"{type}(2026-01-31T08:00:00Z)",
        "timespan" or "time" => $"{type}(1.02:30:00) or {type}(90m)",
        _ => "guid(60000000-0000-4000-8000-000000000001)",
    };

    [GeneratedRegex(@"^ *(?:true|false|null|0|1) *\z", RegexOptions.CultureInvariant)]
    private static partial Regex Bool();

    [GeneratedRegex(@"^ *(?:null|-?[0-9]{1,20}|0x[0-9A-Fa-f]{1,16}) *\z", RegexOptions.CultureInvariant)]
    private static partial Regex Integer();

    [GeneratedRegex(
        @"^ *(?:null|nan|[+-]?inf|[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?) *\z", RegexOptions.CultureInvariant)]
    private static partial Regex Real();

    // ISO 8601 with a space or T, and dates with slashes. Kusto accepts a date that is only a year.
    [GeneratedRegex(
        @"^ *(?:null|(?:[0-9]{4}(?:-[0-9]{1,2}(?:-[0-9]{1,2})?)?|[0-9]{1,4}/[0-9]{1,2}/[0-9]{1,4})"
            + @"(?:[T ] ?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)? ?(?:Z|[+-][0-9]{2}:?[0-9]{2})?) *\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex DateAndTime();

    [GeneratedRegex(
        @"^ *(?:null|-?(?:[0-9]{1,8}\.)?[0-9]{1,2}:[0-9]{1,2}(?::[0-9]{1,2}(?:\.[0-9]{1,9})?)?"
            + @"|-?[0-9]{1,12}(?:\.[0-9]{1,9})? ?[a-z]{0,12}) *\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Duration();

    [GeneratedRegex(@"^ *(?:null|[0-9A-Fa-f]{32}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}) *\z", RegexOptions.CultureInvariant)]
    private static partial Regex Id();
}
