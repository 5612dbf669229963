using System.Net;
using System.Text.RegularExpressions;

namespace RemoteMcp.Tests.HomePage;

/// <summary>Parses the page to the extent that the tests need.</summary>
internal static partial class HtmlText
{
    /// <summary>Returns the tags in order, with the names of their attributes but without the values.</summary>
    public static IReadOnlyList<string> Tags(string html) =>
        [.. Tag().Matches(Inline().Replace(html, "$1$2")).Select(static tag => Value().Replace(tag.Value, "\"\""))];

    /// <summary>Returns the text of the element with an id. The element must have no child elements.</summary>
    public static string TextOf(string html, string id) =>
        WebUtility.HtmlDecode(Regex.Match(html, $"id=\"{Regex.Escape(id)}\"[^>]*>([^<]*)<", RegexOptions.CultureInvariant).Groups[1].Value);

    /// <summary>Returns the values of an attribute.</summary>
    public static IReadOnlyList<string> Attributes(string html, string name) =>
    [
        .. Regex.Matches(html, $" {name}=\"([^\"]*)\"", RegexOptions.CultureInvariant)
            .Select(static match => WebUtility.HtmlDecode(match.Groups[1].Value)),
    ];

    /// <summary>Returns the content of the only element with a name.</summary>
    public static string ContentOf(string html, string element) =>
        Regex.Match(html, $"<{element}>(.*?)</{element}>", RegexOptions.Singleline | RegexOptions.CultureInvariant).Groups[1].Value;

    /// <summary>Returns the names and values of the fields and buttons of each form, for example <c>id=1 action=revoke</c>.</summary>
    public static IReadOnlyList<string> Forms(string html) =>
    [
        .. Regex.Matches(html, "<form .*?</form>", RegexOptions.Singleline | RegexOptions.CultureInvariant)
            .Select(static form => string.Join(' ',
                Attributes(form.Value, "name").Zip(Attributes(form.Value, "value"), static (name, value) => $"{name}={value}"))),
    ];

    // In a style sheet and in a script, '<' does not start a tag.
    [GeneratedRegex("(<style>).*?(</style>)|<script>.*?</script>", RegexOptions.Singleline)]
    private static partial Regex Inline();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Value();
}
