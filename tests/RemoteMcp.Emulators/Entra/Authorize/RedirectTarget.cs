using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra.Authorize;

/// <summary>The URI to which the authorize endpoint sends its response, and the response mode.</summary>
internal sealed record RedirectTarget(string Uri, RedirectPlatform Platform, string Mode, string? State)
{
    /// <exception cref="Refusal">50011: the client has not registered the URI.</exception>
    public static RedirectTarget Resolve(RequestParameters parameters, Application client)
    {
        var requested = parameters["redirect_uri"];
        var registered = requested is null
            ? (client.RedirectUris is [var first, ..] ? first : null)
            : client.RedirectUris.FirstOrDefault(uri => uri.Matches(requested));
        return registered is null
            ? throw Refusals.RedirectMismatch(requested ?? "", client)
            : new RedirectTarget(
                requested ?? registered.Value, registered.Platform, parameters["response_mode"] ?? "query", parameters["state"]);
    }

    public async Task WriteAsync(HttpContext context, params (string Name, string? Value)[] answer)
    {
        var parameters = answer.Append(("state", State))
            .Where(pair => pair.Item2 is not null)
            .ToDictionary(pair => pair.Item1, pair => pair.Item2);
        switch (Mode)
        {
            case "form_post":
                var fields = new StringBuilder();
                foreach (var (name, value) in parameters)
                {
                    fields.Append($"<input type=\"hidden\" name=\"{name}\" value=\"{HtmlEncoder.Default.Encode(value!)}\">");
                }
                await Page.WriteAsync(context, "Working...",
                    $"<form method=\"post\" action=\"{HtmlEncoder.Default.Encode(Uri)}\">{fields}<button>Continue</button></form>"
                        + "<script>document.forms[0].submit()</script>");
                break;
            case "fragment":
                context.Response.Redirect(Uri + "#" + QueryHelpers.AddQueryString("", parameters)[1..]);
                break;
            default:
                context.Response.Redirect(QueryHelpers.AddQueryString(Uri, parameters));
                break;
        }
    }
}
