using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using OpenIddict.Server;
using RemoteMcp.AuthorizationServer.SignIn;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace RemoteMcp.AuthorizationServer.Protocol;

/// <summary>
/// Shows a page for an authorization request whose client or redirect URI is not valid. "The authorization server ... MUST NOT
/// automatically redirect the user-agent to the invalid redirection URI." (RFC 6749, section 4.1.2.1)
/// </summary>
internal sealed class ErrorPageHandler(SignInPages pages, ClientRefusal refusal, SignInAudit audit)
    : IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
{
    public async ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        if (context.Error is not { } error || !string.IsNullOrEmpty(context.RedirectUri))
        {
            return;
        }

        audit.PageRefused($"Invalid authorization request: {error}.");
        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        await pages.WriteErrorAsync(
            http,
            StatusCodes.Status400BadRequest,
            "This client cannot sign you in",
            refusal.Reason ?? Explain(error, context.Response?.ErrorDescription),
            "Remove this server from your client and add it again. If that does not help, tell the people who run this server.",
            error);
        context.HandleRequest();
    }

    private static string Explain(string error, string? description) => error switch
    {
        Errors.InvalidClient => "The client is unknown. It must register again.",
        _ => description ?? "The authorization request is not valid.",
    };
}
