using System.Net;
using System.Text.RegularExpressions;

namespace RemoteMcp.Testing.SignIn;

/// <summary>Reads the form of a page, as a browser does.</summary>
internal static partial class HtmlForm
{
    /// <summary>Returns the URL to which the form is sent.</summary>
    /// <param name="html">The page.</param>
    /// <param name="page">The URL of the page.</param>
    public static Uri ActionOf(string html, Uri page) => new(page, WebUtility.HtmlDecode(Action().Match(html).Groups[1].Value));

    /// <summary>Returns the hidden fields of the form.</summary>
    public static Dictionary<string, string?> FieldsOf(string html) => Hidden().Matches(html).ToDictionary(
        static match => WebUtility.HtmlDecode(match.Groups[1].Value),
        static match => (string?)WebUtility.HtmlDecode(match.Groups[2].Value));

    [GeneratedRegex("<form[^>]* action=\"([^\"]*)\"")]
    private static partial Regex Action();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">")]
    private static partial Regex Hidden();
}
