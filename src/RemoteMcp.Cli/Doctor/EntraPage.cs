using System.Net;
using System.Text.RegularExpressions;
using System.Web;

namespace RemoteMcp.Cli.Doctor;

/// <summary>Interprets the URL and the response of the page where people sign in at Entra ID.</summary>
internal static partial class EntraPage
{
    private const string SeeErrors = "docs/identity.md lists the errors of Entra ID and how to fix them.";

    /// <summary>
    /// Returns the issuer, <c>https://HOST/TENANT/v2.0</c>, to which a page belongs, or null if the URL is not a page of Entra ID.
    /// </summary>
    /// <param name="page">The URL to which a server sends the browser.</param>
    /// <param name="endpoint">The endpoint of this server. Only a server on this machine can use http, for an emulator of Entra ID.</param>
    public static Uri? FindIssuer(Uri page, Uri endpoint) =>
        (page.Scheme == Uri.UriSchemeHttps || (page.Scheme == Uri.UriSchemeHttp && page.IsLoopback && endpoint.IsLoopback))
        && page.UserInfo.Length == 0
        && AuthorizePath().Match(page.AbsolutePath) is { Success: true } match
            ? new Uri($"{page.GetLeftPart(UriPartial.Authority)}/{match.Groups["tenant"].Value}/v2.0")
            : null;

    /// <summary>Returns the error of Entra ID in a response, or null if the page lets people sign in.</summary>
    /// <param name="location">The URL to which Entra ID redirects, or null if it shows a page.</param>
    /// <param name="body">The page.</param>
    public static string? FindError(Uri? location, string body)
    {
        var text = location is { IsAbsoluteUri: true } ? HttpUtility.ParseQueryString(location.Query)["error_description"] : body;
        return Error().Match(text ?? "") is { Success: true } match ? Excerpt.Of(WebUtility.HtmlDecode(match.Value)) : null;
    }

    /// <summary>Returns how the operator fixes an error.</summary>
    public static string RemedyFor(string error, Uri page)
    {
        var redirect = HttpUtility.ParseQueryString(page.Query)["redirect_uri"] ?? "the redirect URI";
        return error.Split(':')[0] switch
        {
            "AADSTS50011" =>
                $"Add {Excerpt.Of(redirect)} to the server's app registration, as a redirect URI of the platform Web.",
            "AADSTS700016" or "AADSTS90002" => "Check RemoteMcp:Auth:ClientId and RemoteMcp:Auth:TenantId.",
            "AADSTS650053" => "Add the scope to the server's app registration, under Expose an API.",
            _ => SeeErrors,
        };
    }

    [GeneratedRegex(@"^/(?<tenant>[\w.-]+)/oauth2/v2\.0/authorize$", RegexOptions.ExplicitCapture)]
    private static partial Regex AuthorizePath();

    // The number and the first sentence. Entra writes them as HTML or as a JavaScript string.
    [GeneratedRegex(@"AADSTS\d{1,9}(: [^<""\\\r\n]{1,250}?\.(?=[\s<""\\]|$))?", RegexOptions.ExplicitCapture)]
    private static partial Regex Error();
}
