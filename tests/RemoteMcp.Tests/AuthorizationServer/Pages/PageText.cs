using System.Net;
using System.Text.RegularExpressions;

namespace RemoteMcp.Tests.AuthorizationServer.Pages;

/// <summary>Reads a page as a person does.</summary>
internal static partial class PageText
{
    /// <summary>Returns the text of the body on one line, without tags.</summary>
    public static string Of(string html)
    {
        var body = html[html.IndexOf("<body>", StringComparison.Ordinal)..];
        return Space().Replace(WebUtility.HtmlDecode(Tag().Replace(Inline().Replace(body, ""), " ")), " ").Trim();
    }

    [GeneratedRegex("</?(?:a|bdi|code|span|strong|time)(?: [^>]*)?>")]
    private static partial Regex Inline();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
