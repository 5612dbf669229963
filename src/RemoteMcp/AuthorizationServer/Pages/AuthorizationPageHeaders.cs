using Microsoft.AspNetCore.Http;
using RemoteMcp.Web;

namespace RemoteMcp.AuthorizationServer.Pages;

/// <summary>Sets the headers of the pages of the authorization server, in addition to those of all pages.</summary>
internal static class AuthorizationPageHeaders
{
    /// <summary>Sets the headers of a page whose forms stay on this server.</summary>
    public static void Set(HttpResponse response) => Set(response, "'self'");

    /// <summary>Sets the headers of a page in a sign-in, whose form ends with a redirect to the client or to Entra ID.</summary>
    /// <param name="response">The response.</param>
    /// <param name="redirectUri">The redirect URI of the client, or <see langword="null"/> if the page has no form.</param>
    public static void SetForSignIn(HttpResponse response, string? redirectUri)
    {
        Set(response, redirectUri is null ? "'self'" : FormTargets(new RedirectTarget(redirectUri)));
        // Web clients open the sign-in in a window and wait for a message from their callback in it. A stricter policy would separate
        // the two windows forever.
        response.Headers["Cross-Origin-Opener-Policy"] = "unsafe-none";
    }

    // Chromium applies form-action to every redirect after the post. A callback can redirect to other hosts of the client, and Entra ID to
    // the sign-in of the user's organization, so every host with TLS is allowed.
    private static string FormTargets(RedirectTarget redirect) =>
        redirect.PolicySource is { } source ? $"'self' https: {source}" : "'self' https:";

    private static void Set(HttpResponse response, string formTargets)
    {
        PageHeaders.SetWithForms(response, formTargets, AuthorizationPage.ContentDirectives);
        response.Headers.XFrameOptions = "DENY";
        response.Headers.CacheControl = "no-store";
        // With no-referrer, browsers post forms with "Origin: null" (Fetch, section 3.1), which the origin validation rejects. Other sites
        // get no referrer from either policy.
        response.Headers["Referrer-Policy"] = "same-origin";
    }
}
