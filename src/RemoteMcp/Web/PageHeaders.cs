using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Web;

/// <summary>
/// Sets the security headers of the pages, their icon, and the other files for browsers. They restrict what the files can do and how other
/// sites can use them.
/// </summary>
internal static class PageHeaders
{
    /// <summary>Sets the headers of a file without forms.</summary>
    /// <param name="response">The response.</param>
    /// <param name="contentDirectives">The Content-Security-Policy directives that allow content. Without them, nothing is allowed.</param>
    public static void Set(HttpResponse response, params IEnumerable<string> contentDirectives) =>
        SetWithForms(response, "'none'", contentDirectives);

    /// <summary>Sets the headers of a page with forms.</summary>
    /// <param name="response">The response.</param>
    /// <param name="formTargets">
    /// The Content-Security-Policy sources to which the forms may lead, including the redirects after the form is posted.
    /// </param>
    /// <param name="contentDirectives">The Content-Security-Policy directives that allow content.</param>
    public static void SetWithForms(HttpResponse response, string formTargets, params IEnumerable<string> contentDirectives)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = string.Join("; ",
            ["default-src 'none'", .. contentDirectives, "base-uri 'none'", $"form-action {formTargets}", "frame-ancestors 'none'"]);
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] =
            "camera=(), clipboard-read=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
    }
}
