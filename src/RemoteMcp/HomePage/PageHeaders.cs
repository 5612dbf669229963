using Microsoft.AspNetCore.Http;

namespace RemoteMcp.HomePage;

/// <summary>What browsers are told to keep the page, its icon and whatever lies beside them from doing or being used for.</summary>
internal static class PageHeaders
{
    /// <summary>Sets the headers.</summary>
    /// <param name="response">The response.</param>
    /// <param name="contentDirectives">What the content may do, as directives of its Content-Security-Policy; nothing by default.</param>
    public static void Set(HttpResponse response, params IEnumerable<string> contentDirectives)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = string.Join(
            "; ", ["default-src 'none'", .. contentDirectives, "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"]);
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), clipboard-read=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
    }
}
