using Microsoft.AspNetCore.Http;
using RemoteMcp.Web;

namespace RemoteMcp.AuthorizationServer.Pages;

/// <summary>Sets the headers of the pages of the authorization server, in addition to those of all pages.</summary>
internal static class AuthorizationPageHeaders
{
    /// <summary>Sets the headers of a page whose forms stay on this server.</summary>
    public static void Set(HttpResponse response) => Set(response, "'self'");

    /// <summary>Sets the headers of a page in a sign-in, whose form ends with a redirect to the client.</summary>
    /// <param name="response">The response.</param>
    /// <param name="redirectUri">The redirect URI of the client, or <see langword="null"/> if the page has no form.</param>
    public static void SetForSignIn(HttpResponse response, string? redirectUri)
    {
        // Chromium also applies form-action to the redirects after the post.
        var source = redirectUri is null ? null : new RedirectTarget(redirectUri).PolicySource;
        Set(response, source is null ? "'self'" : $"'self' {source}");
        // Web clients open the sign-in in a window and wait for a message from their callback in it. A stricter policy would separate
        // the two windows forever.
        response.Headers["Cross-Origin-Opener-Policy"] = "unsafe-none";
    }

    private static void Set(HttpResponse response, string formTargets)
    {
        PageHeaders.SetWithForms(response, formTargets, AuthorizationPage.ContentDirectives);
        response.Headers.XFrameOptions = "DENY";
        response.Headers.CacheControl = "no-store";
        // With no-referrer, browsers post forms with "Origin: null" (Fetch, section 3.1), which the origin validation rejects. Other sites get
        // no referrer from either policy.
        response.Headers["Referrer-Policy"] = "same-origin";
    }
}
