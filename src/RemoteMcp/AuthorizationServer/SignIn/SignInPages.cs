using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using RemoteMcp.AuthorizationServer.Clients;
using RemoteMcp.AuthorizationServer.Pages;
using RemoteMcp.AuthorizationServer.Upstream;
using RemoteMcp.Configuration;

namespace RemoteMcp.AuthorizationServer.SignIn;

/// <summary>Writes the pages that a person sees during a sign-in.</summary>
internal sealed class SignInPages(IOptions<RemoteMcpOptions> server, SignInScopes scopes, SignInAudit audit)
{
    /// <summary>Asks the person whether the client may use the server.</summary>
    public Task WriteConsentAsync(
        HttpContext context,
        ClientApplication client,
        string redirectUri,
        ConsentTicket ticket,
        IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        var view = new ConsentView(
            server.Value.Name,
            ticket.UserName,
            ticket.DisplayName,
            client.Name,
            client.VerifiedHost,
            redirectUri,
            scopes.DescribeForConsent(ticket.Scopes),
            AuthorizationServerPaths.UrlOf(context.Request, AuthorizationServerPaths.Authorize),
            fields);
        AuthorizationPageHeaders.SetForSignIn(context.Response, redirectUri);
        return WriteAsync(context, StatusCodes.Status200OK, ConsentPage.Render(view));
    }

    /// <summary>Tells the person that the sign-in belongs to another browser or has expired.</summary>
    public Task WriteStaleAsync(HttpContext context)
    {
        audit.PageRefused("The browser has no cookie for this sign-in, or the sign-in has expired.");
        return WriteErrorAsync(
            context,
            StatusCodes.Status400BadRequest,
            "This sign-in cannot continue",
            "It has expired, or it was started in another browser.",
            "Go back to your client and connect again. Use the browser that your client opens, and allow cookies for this server.",
            null);
    }

    /// <summary>Tells the person why Entra ID did not complete the sign-in.</summary>
    public Task WriteUpstreamErrorAsync(HttpContext context, UpstreamException exception) => WriteErrorAsync(
        context,
        exception.Problem is UpstreamProblem.Unavailable
            ? StatusCodes.Status503ServiceUnavailable
            : StatusCodes.Status403Forbidden,
        "The sign-in did not succeed",
        exception.Message,
        exception.Problem is UpstreamProblem.Unavailable
            ? "Go back to your client and connect again in a minute."
            : "Go back to your client and connect again. If that does not help, send the reference to the people who run this server.",
        exception.Reference);

    /// <summary>Writes an error page.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The status code.</param>
    /// <param name="title">What failed.</param>
    /// <param name="explanation">Why it failed.</param>
    /// <param name="nextStep">What the person can do.</param>
    /// <param name="reference">What an operator can find in the logs.</param>
    /// <param name="back">The URL that reports the error to the client.</param>
    public Task WriteErrorAsync(
        HttpContext context, int status, string title, string explanation, string? nextStep, string? reference, string? back = null)
    {
        AuthorizationPageHeaders.SetForSignIn(context.Response, null);
        var link = back is null ? null : new LinkOut("Return to your client", back);
        return WriteAsync(
            context, status, ErrorPage.Render(new ErrorView(server.Value.Name, title, explanation, nextStep, reference, link)));
    }

    /// <summary>Tells the person that a sign-in for which no client waits is complete.</summary>
    public Task WriteConnectedAsync(HttpContext context)
    {
        AuthorizationPageHeaders.SetForSignIn(context.Response, null);
        return WriteAsync(context, StatusCodes.Status200OK, DonePage.Connected(server.Value.Name));
    }

    /// <summary>Writes a page.</summary>
    public static async Task WriteAsync(HttpContext context, int status, string html)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        var content = Encoding.UTF8.GetBytes(html);
        context.Response.ContentLength = content.Length;
        await context.Response.Body.WriteAsync(content, context.RequestAborted);
    }
}
