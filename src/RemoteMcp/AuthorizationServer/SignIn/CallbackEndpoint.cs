using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using RemoteMcp.Auth.OnBehalfOf;
using RemoteMcp.AuthorizationServer.Clients;
using RemoteMcp.AuthorizationServer.Grants;
using RemoteMcp.AuthorizationServer.Upstream;

namespace RemoteMcp.AuthorizationServer.SignIn;

/// <summary>Handles the return of the browser from Entra ID.</summary>
internal sealed partial class CallbackEndpoint(
    SignInFlow flow,
    EntraSignIn entra,
    GrantStore grants,
    GrantSeal seal,
    ClientResolver clients,
    ConnectionsSession connections,
    SignInPages pages,
    SignInAudit audit,
    TimeProvider time,
    ILogger<CallbackEndpoint> logger)
{
    // Entra's codes have about 1.5 KB.
    private const int MaxCodeLength = 4096;

    // The time for the consent page. The authorization code adds a minute.
    private static readonly TimeSpan s_pendingLifetime = TimeSpan.FromMinutes(11);

    private static readonly TimeSpan s_ticketLifetime = TimeSpan.FromMinutes(10);

    public async Task InvokeAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (await flow.TryOpenStateAsync(context, One(query["state"])) is not { } state)
        {
            await pages.WriteStaleAsync(context);
            return;
        }

        if (One(query["code"]) is not { Length: > 0 and <= MaxCodeLength } code)
        {
            await RefuseAsync(context, state, One(query["error"]), One(query["error_description"]));
            return;
        }

        try
        {
            var redirect = SignInFlow.CallbackUrl(context.Request);
            var signIn = await entra.RedeemAsync(
                code, state.Verifier, state.Transaction, redirect, state.Start.Scopes, context.RequestAborted);
            await (state.Start.Purpose switch
            {
                SignInPurpose.Authorize => ContinueAsync(context, state, signIn),
                SignInPurpose.Connections => connections.StartAsync(context, signIn.Person),
                _ => StepUpAsync(context, state, signIn),
            });
        }
        catch (UpstreamException exception) when (exception.Claims is { Length: > 0 } claims && !state.HasClaims)
        {
            // Conditional Access requires a step that only the browser can complete.
            await flow.RedirectAsync(context, state.Start, claims: claims);
        }
        catch (UpstreamException exception)
        {
            await pages.WriteUpstreamErrorAsync(context, exception);
        }
        catch (ClientRefusedException exception)
        {
            // This instance has not read the metadata document of the client before, or the document has changed.
            await pages.WriteErrorAsync(
                context,
                StatusCodes.Status400BadRequest,
                "This client cannot sign you in",
                exception.Message,
                "Go back to your client and connect again.",
                null);
        }
    }

    private static string? One(Microsoft.Extensions.Primitives.StringValues values) => values.Count == 1 ? values[0] : null;

    /// <summary>Adds the grant, and sends the browser back to the authorization endpoint with a ticket.</summary>
    private async Task ContinueAsync(HttpContext context, SignInState state, UpstreamSignIn signIn)
    {
        var cancelled = context.RequestAborted;
        if (await clients.FindAsync(state.Start.Client, cancelled) is not { } client)
        {
            await pages.WriteStaleAsync(context);
            return;
        }

        var now = time.GetUtcNow();
        var person = signIn.Person with { Scopes = [.. state.Start.Scopes.Intersect(signIn.Person.Scopes, StringComparer.Ordinal)] };
        var key = GrantKey.Create(person.Tenant, person.User, now);
        var grant = new Grant
        {
            Key = key,
            Person = person,
            Client = client.Key,
            ClientName = client.Name,
            VerifiedHost = client.VerifiedHost,
            Redirect = state.Start.Redirect,
            GrantedAt = now,
            UsedAt = now,
            ExpiresAt = now + s_pendingLifetime,
            SealedUpstream = await seal.SealUpstreamAsync(signIn.Cache, key, cancelled),
        };
        var others = await grants.ListAsync(person.Tenant, person.User, cancelled);
        await grants.AddAsync(grant, others, cancelled);
        var ticket = new ConsentTicket
        {
            Transaction = state.Transaction,
            Binding = state.Binding,
            RequestHash = AuthorizationRequest.HashOf(state.Start.Request),
            Grant = key.ToString(),
            Subject = person.Subject,
            UserName = person.ShownName,
            DisplayName = person.Name,
            Scopes = person.Scopes,
            IsConsented = others.Any(other => Covers(other.Grant, grant)),
            ExpiresAt = now + s_ticketLifetime,
        };
        if (ticket.IsConsented)
        {
            audit.Consented(grant, remembered: true);
        }

        // The time at Entra ID does not count for the consent page.
        BrowserBinding.GetOrCreateSecret(context);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Redirect(await AuthorizeUrlAsync(context, state, ticket));
    }

    private async Task<string> AuthorizeUrlAsync(HttpContext context, SignInState state, ConsentTicket ticket) =>
        QueryHelpers.AddQueryString(
            AuthorizationServerPaths.UrlOf(context.Request, AuthorizationServerPaths.Authorize) + state.Start.Request,
            AuthorizationRequest.Ticket,
            await flow.SealTicketAsync(ticket, context.RequestAborted));

    // The person approved the same client with the same redirect URI and at least the same scopes, and did not revoke it.
    private static bool Covers(Grant other, Grant grant) =>
        other.IsActive
        && other.Client == grant.Client
        && RedirectUri.Matches(other.Redirect, grant.Redirect)
        && grant.Person.Scopes.All(scope => other.Person.Scopes.Contains(scope, StringComparer.Ordinal));

    /// <summary>Replaces the sign-in at Entra ID of a grant, after the person has completed a step that a tool needs.</summary>
    private async Task StepUpAsync(HttpContext context, SignInState state, UpstreamSignIn signIn)
    {
        var cancelled = context.RequestAborted;
        while (GrantKey.TryParse(state.Start.Grant) is { } key && await grants.FindAsync(key, cancelled) is { } stored)
        {
            if (stored.Grant.Person.Tenant != signIn.Person.Tenant || stored.Grant.Person.User != signIn.Person.User)
            {
                throw new UpstreamException(
                    UpstreamProblem.NotAccepted, "You signed in as another person than the one who uses the tool.", null, null);
            }

            var changed = stored.Grant with { SealedUpstream = await seal.SealUpstreamAsync(signIn.Cache, key, cancelled) };
            if (await grants.TryReplaceAsync(stored, changed, cancelled) is not null)
            {
                await pages.WriteConnectedAsync(context);
                return;
            }
        }

        await pages.WriteStaleAsync(context);
    }

    // The text of the error is not shown, because everyone can write a link with another text. The number is enough to find the reason.
    private async Task RefuseAsync(HttpContext context, SignInState state, string? error, string? description)
    {
        var number = EntraErrors.FindNumber(description ?? "");
        LogRefused(state.Start.Purpose, number);
        var back = state.Start.Purpose is SignInPurpose.Authorize
            ? await AuthorizeUrlAsync(context, state, ConsentTicket.Denied(state, time.GetUtcNow() + s_ticketLifetime))
            : null;
        await pages.WriteErrorAsync(
            context,
            StatusCodes.Status403Forbidden,
            error == "access_denied" ? "You cancelled the sign-in" : "The sign-in did not succeed",
            error == "access_denied" ? "Entra ID reports that you cancelled, or that you may not use this server." : Explain(number),
            "Go back to your client. If it does not help to connect again, send the reference to the people who run this server.",
            number.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $"{number}, {time.GetUtcNow():u}") : null,
            back);
    }

    private static string Explain(string number) => number switch
    {
        "AADSTS50105" => "Your organization lets only assigned people use this server, and you are not assigned.",
        "AADSTS65001" or "AADSTS90094" or "AADSTS90095" => "An administrator must approve this server first.",
        "AADSTS50011" => "The app registration of this server lacks the redirect URI of this server.",
        "AADSTS53003" or "AADSTS530003" or "AADSTS530004" => "A Conditional Access policy of your organization blocks this sign-in.",
        "AADSTS50057" => "Your account is disabled.",
        _ => "Entra ID refused the sign-in.",
    };

    [LoggerMessage(LogLevel.Warning, "Entra ID returned no code for a sign-in ({Purpose}): {Number}")]
    private partial void LogRefused(SignInPurpose purpose, string number);
}
