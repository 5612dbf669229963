using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using RemoteMcp.AuthorizationServer.Upstream;
using RemoteMcp.DataProtection;

namespace RemoteMcp.AuthorizationServer.SignIn;

/// <summary>Sends a browser to Entra ID, and opens the state with which it returns.</summary>
internal sealed class SignInFlow(EntraSignIn entra, SignInPages pages, KeyRing ring, TimeProvider time)
{
    private readonly FleetProtector _states = ring.Protector("RemoteMcp.AuthorizationServer.State");
    private readonly FleetProtector _tickets = ring.Protector("RemoteMcp.AuthorizationServer.Ticket");

    /// <summary>Redirects the browser to Entra ID. If the server has no credential, the browser gets an error page.</summary>
    /// <param name="context">The request of the browser.</param>
    /// <param name="start">How the sign-in begins.</param>
    /// <param name="prompt">The prompt of the client's request, or <see langword="null"/>.</param>
    /// <param name="claims">The claims challenge of Conditional Access, or <see langword="null"/>.</param>
    /// <exception cref="Storage.StateUnavailableException">The key ring is not in memory, and the storage does not respond.</exception>
    public async Task RedirectAsync(HttpContext context, SignInStart start, string? prompt = null, string? claims = null)
    {
        var transaction = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        UpstreamRequest request;
        try
        {
            request = await entra.CreateRequestAsync(
                CallbackUrl(context.Request), start.Scopes, transaction, prompt, claims, context.RequestAborted);
        }
        catch (UpstreamException exception)
        {
            await pages.WriteUpstreamErrorAsync(context, exception);
            return;
        }

        var text = await _states.SealAsync(
            new SignInState
            {
                Transaction = transaction,
                Binding = BrowserBinding.Bind(
                    BrowserBinding.GetOrCreateSecret(context), start.Client, start.Redirect, transaction),
                Start = start,
                Verifier = request.Verifier,
                ExpiresAt = time.GetUtcNow() + BrowserBinding.Lifetime,
                HasClaims = claims is not null,
            },
            SignInJson.Default.SignInState,
            context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Redirect(QueryHelpers.AddQueryString(request.Url.AbsoluteUri, "state", text));
    }

    /// <summary>Opens the state that Entra ID returned.</summary>
    /// <returns>The state, or <see langword="null"/> if it is forged, has expired, or belongs to another browser.</returns>
    public async Task<SignInState?> TryOpenStateAsync(HttpContext context, string? text) =>
        await _states.TryOpenAsync(text, SignInJson.Default.SignInState, context.RequestAborted) is { } state
        && state.ExpiresAt > time.GetUtcNow()
        && BrowserBinding.IsSame(context.Request, state.Binding, state.Start.Client, state.Start.Redirect, state.Transaction)
            ? state
            : null;

    public ValueTask<string> SealTicketAsync(ConsentTicket ticket, CancellationToken cancellationToken) =>
        _tickets.SealAsync(ticket, SignInJson.Default.ConsentTicket, cancellationToken);

    /// <summary>Opens the ticket of an authorization request.</summary>
    /// <returns>
    /// The ticket, or <see langword="null"/> if it is forged, has expired, or belongs to another browser, client, or request.
    /// </returns>
    public async Task<ConsentTicket?> TryOpenTicketAsync(
        HttpContext context, string? text, string request, string client, string redirect) =>
        await _tickets.TryOpenAsync(text, SignInJson.Default.ConsentTicket, context.RequestAborted) is { } ticket
        && ticket.ExpiresAt > time.GetUtcNow()
        && ticket.RequestHash == AuthorizationRequest.HashOf(request)
        && BrowserBinding.IsSame(context.Request, ticket.Binding, client, redirect, ticket.Transaction)
            ? ticket
            : null;

    /// <summary>Returns the URL to which Entra ID redirects the browser.</summary>
    public static string CallbackUrl(HttpRequest request) => AuthorizationServerPaths.UrlOf(request, AuthorizationServerPaths.Callback);
}
