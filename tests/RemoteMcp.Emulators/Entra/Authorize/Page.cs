using System.Net.Mime;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra.Authorize;

/// <summary>The pages for users: the sign-in with consent, and errors that are for the user instead of the client.</summary>
internal static class Page
{
    private static HtmlEncoder Html => HtmlEncoder.Default;

    /// <summary>Shows a button for every account of the tenant. Selecting a button signs in and accepts.</summary>
    public static Task WriteSignInAsync(HttpContext context, Application client, IEnumerable<User> users, RequestedScopes scopes)
    {
        var accounts = string.Concat(users.Select(user =>
            $"<p><button name=\"user\" value=\"{Html.Encode(user.ObjectId)}\">"
                + $"{Html.Encode(user.DisplayName)} ({Html.Encode(user.PrincipalName)})</button></p>"));
        var asked = string.Concat(scopes.Names.DefaultIfEmpty("all permissions that were granted before").Select(scope =>
            $"<li>{Html.Encode(scope)} on {Html.Encode(scopes.Resource.DisplayName)}</li>"));
        return WriteAsync(context, "Sign in",
            $"""
            <h1>Pick an account</h1>
            <p><b>{Html.Encode(client.DisplayName)}</b> asks for:</p><ul>{asked}</ul>
            <form method="post">{accounts}<p><button name="decision" value="cancel">Cancel</button></p></form>
            """);
    }

    /// <summary>Shows the request of a second factor, after the user has selected an account.</summary>
    public static Task WriteSecondFactorAsync(HttpContext context, string userId) =>
        WriteAsync(context, "Sign in",
            $"""
            <h1>Approve sign in request</h1>
            <form method="post"><input type="hidden" name="user" value="{Html.Encode(userId)}">
            <p><button name="factor" value="approve">Approve</button></p>
            <p><button name="decision" value="cancel">Cancel</button></p></form>
            """);

    /// <summary>Entra returns 200 for this page, because it is for the user. The client gets no information.</summary>
    public static Task WriteErrorAsync(HttpContext context, RefusalBody refusal, string message) =>
        WriteAsync(context, "Sign in to your account",
            $"""
            <h1>Sorry, but we're having trouble signing you in.</h1>
            <p id="error">{Html.Encode(message)}</p>
            <dl><dt>Request Id</dt><dd>{refusal.TraceId}</dd><dt>Correlation Id</dt><dd>{refusal.CorrelationId}</dd>
            <dt>Timestamp</dt><dd>{refusal.Timestamp}</dd></dl>
            """);

    public static async Task WriteAsync(HttpContext context, string title, string body)
    {
        context.Response.ContentType = MediaTypeNames.Text.Html + "; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store, no-cache";
        context.Response.Headers.XFrameOptions = "DENY";
        await context.Response.WriteAsync(
            $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head><body>{body}</body></html>",
            context.RequestAborted);
    }
}
