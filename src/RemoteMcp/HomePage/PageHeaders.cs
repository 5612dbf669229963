using Microsoft.AspNetCore.Http;

namespace RemoteMcp.HomePage;

/// <summary>
/// Sets the security headers of the page, its icon, and the other files. They restrict what the files can do and how other sites can use
/// them.
/// </summary>
internal static class PageHeaders
{
    /// <summary>Sets the headers.</summary>
    /// <param name="response">The response.</param>
    /// <param name="contentDirectives">The Content-Security-Policy directives that allow content. Without them, nothing is allowed.</param>
    public static void Set(HttpResponse response, params IEnumerable<string> contentDirectives)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = string.Join(
            "; ", ["default-src 'none'", .. contentDirectives, "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"]);
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] =
            "camera=(), clipboard-read=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
    }
}
