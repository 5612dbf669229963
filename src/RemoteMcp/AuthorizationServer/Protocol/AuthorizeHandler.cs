using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.AuthorizationServer.Clients;
using RemoteMcp.AuthorizationServer.Grants;
using RemoteMcp.AuthorizationServer.SignIn;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace RemoteMcp.AuthorizationServer.Protocol;

/// <summary>
/// Handles a valid authorization request: the first time it sends the browser to Entra ID. When the browser returns with a ticket, it asks
/// the person for consent, and then issues the authorization code.
/// </summary>
internal sealed class AuthorizeHandler(
    SignInFlow flow, SignInScopes scopes, SignInPages pages, ClientResolver clients, GrantStore grants, SignInAudit audit)
    : IOpenIddictServerHandler<HandleAuthorizationRequestContext>
{
    private const string Approve = "approve";
    private const string Cancel = "cancel";
    private const string SwitchAccount = "switch";

    public async ValueTask HandleAsync(HandleAuthorizationRequestContext context)
    {
        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        var request = context.Request;
        var description = AuthorizationRequest.Describe(request);
        if (description.Length > AuthorizationRequest.MaxLength)
        {
            context.Reject(
                Errors.InvalidRequest,
                $"The authorization request has {description.Length} characters, and {AuthorizationRequest.MaxLength} are allowed. "
                + "Send a shorter state or scope.");
            return;
        }

        if ((string?)request[AuthorizationRequest.Ticket] is not { } text)
        {
            await StartAsync(context, http, description, request.Prompt);
            return;
        }

        var ticket = await flow.TryOpenTicketAsync(http, text, description, request.ClientId!, request.RedirectUri!);
        if (ticket is null)
        {
            await pages.WriteStaleAsync(http);
            context.HandleRequest();
            return;
        }

        await DecideAsync(context, http, ticket, description);
    }

    private async Task DecideAsync(HandleAuthorizationRequestContext context, HttpContext http, ConsentTicket ticket, string description)
    {
        // A decision counts only in the body of a form, so that a link cannot approve.
        var decision = HttpMethods.IsPost(http.Request.Method) ? (string?)context.Request[AuthorizationRequest.Decision] : null;
        if (ticket.IsDenied)
        {
            context.Reject(Errors.AccessDenied, "Entra ID refused the sign-in.");
            return;
        }

        switch (decision)
        {
            case Approve:
                if (GrantKey.TryParse(ticket.Grant) is { } key
                    && await grants.FindAsync(key, context.CancellationToken) is { Grant: { IsActive: false } grant })
                {
                    audit.Consented(grant, remembered: false);
                    SignIn(context, ticket);
                }
                else
                {
                    await pages.WriteStaleAsync(http);
                    context.HandleRequest();
                }

                break;
            case Cancel:
                await CancelAsync(ticket, context.CancellationToken);
                context.Reject(Errors.AccessDenied, "The user cancelled.");
                break;
            case SwitchAccount:
                await CancelAsync(ticket, context.CancellationToken);
                await StartAsync(context, http, description, PromptValues.SelectAccount);
                break;
            default:
                if (ticket.IsConsented)
                {
                    SignIn(context, ticket);
                    break;
                }

                await ShowConsentAsync(context, http, ticket);
                context.HandleRequest();
                break;
        }
    }

    private async Task StartAsync(HandleAuthorizationRequestContext context, HttpContext http, string description, string? prompt)
    {
        if (prompt == PromptValues.None)
        {
            context.Reject(Errors.LoginRequired, "The user must sign in on a page.");
            return;
        }

        await flow.RedirectAsync(
            http,
            new SignInStart(SignInPurpose.Authorize, scopes.Select(context.Request.GetScopes()))
            {
                Request = description,
                Client = context.Request.ClientId!,
                Redirect = context.Request.RedirectUri!,
            },
            prompt);
        context.HandleRequest();
    }

    private async Task ShowConsentAsync(HandleAuthorizationRequestContext context, HttpContext http, ConsentTicket ticket)
    {
        var request = context.Request;
        // OpenIddict has found the client already, so the client is in the cache.
        var client = await clients.FindAsync(request.ClientId!, context.CancellationToken)
            ?? throw new InvalidOperationException("The client of a valid request was not found.");
        await pages.WriteConsentAsync(
            http,
            client,
            request.RedirectUri!,
            ticket,
            [.. AuthorizationRequest.Parameters(request), new(AuthorizationRequest.Ticket, (string)request[AuthorizationRequest.Ticket]!)]);
    }

    private async Task CancelAsync(ConsentTicket ticket, CancellationToken cancellationToken)
    {
        if (GrantKey.TryParse(ticket.Grant) is { } key
            && await grants.FindAsync(key, cancellationToken) is { Grant: { IsActive: false } grant })
        {
            await grants.RevokeAsync(key, cancellationToken);
            audit.Cancelled(grant);
        }
    }

    private static void SignIn(HandleAuthorizationRequestContext context, ConsentTicket ticket)
    {
        var http = context.Transaction.GetHttpRequest()!;
        var identity = new ClaimsIdentity("RemoteMcp", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, ticket.Subject)
            .SetClaim(ServerTokens.GrantClaim, ticket.Grant)
            .SetClaim(TokenHandler.CodeClaim, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)))
            .SetResources(ImmutableArray.Create(ResourceUrl.Of(http)));
        context.SignIn(new ClaimsPrincipal(identity));
    }
}
