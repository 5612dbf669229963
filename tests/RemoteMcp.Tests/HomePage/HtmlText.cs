using System.Net;
using System.Text.RegularExpressions;

namespace RemoteMcp.Tests.HomePage;

/// <summary>A page as a parser sees it, as far as a test needs that.</summary>
internal static partial class HtmlText
{
    /// <summary>Its tags in order, with the names of their attributes and without their values.</summary>
    public static IReadOnlyList<string> Tags(string html) => [.. Tag().Matches(Inline().Replace(html, "$1$2")).Select(static tag => Value().Replace(tag.Value, "\"\""))];

    /// <summary>The text of the element with this id, which has no elements within.</summary>
    public static string TextOf(string html, string id) =>
        WebUtility.HtmlDecode(Regex.Match(html, $"id=\"{Regex.Escape(id)}\"[^>]*>([^<]*)<", RegexOptions.CultureInvariant).Groups[1].Value);

    /// <summary>The values of an attribute.</summary>
    public static IReadOnlyList<string> Attributes(string html, string name) =>
        [.. Regex.Matches(html, $" {name}=\"([^\"]*)\"", RegexOptions.CultureInvariant).Select(static match => WebUtility.HtmlDecode(match.Groups[1].Value))];

    /// <summary>What stands in the one element of this name.</summary>
    public static string ContentOf(string html, string element) =>
        Regex.Match(html, $"<{element}>(.*?)</{element}>", RegexOptions.Singleline | RegexOptions.CultureInvariant).Groups[1].Value;

    // A style sheet and a script have text in which '<' is no tag.
    [GeneratedRegex("(<style>).*?(</style>)|<script>.*?</script>", RegexOptions.Singleline)]
    private static partial Regex Inline();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Value();
}
