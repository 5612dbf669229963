using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.AuthorizationServer.Grants;
using RemoteMcp.AuthorizationServer.Pages;
using RemoteMcp.Configuration;

namespace RemoteMcp.AuthorizationServer.SignIn;

/// <summary>
/// Serves the page where people see and revoke what they granted. A person with the role <see cref="OperatorRole"/> can see and revoke the
/// grants of every user of the same tenant.
/// </summary>
internal sealed class ConnectionsEndpoint(
    ConnectionsSession sessions,
    SignInFlow flow,
    GrantStore grants,
    SignInPages pages,
    SignInAudit audit,
    IOptions<RemoteMcpOptions> server,
    IOptions<AuthOptions> auth)
{
    public const string OperatorRole = "Mcp.Admin";

    // The form has a token of 43 characters, an id of 76, and an object id of 36.
    private const int MaxFormBytes = 4096;

    public async Task GetAsync(HttpContext context)
    {
        if (await sessions.FindAsync(context) is { } user)
        {
            await ShowAsync(context, user, OwnerOf(user, context.Request.Query["user"]), message: null);
        }
        else
        {
            await flow.RedirectAsync(context, new SignInStart(SignInPurpose.Connections, [auth.Value.RequiredScope]));
        }
    }

    public async Task PostAsync(HttpContext context)
    {
        if (context.Request.ContentLength is null or > MaxFormBytes)
        {
            throw new BadHttpRequestException("The form is too large.", StatusCodes.Status413PayloadTooLarge);
        }

        var form = await RequestForm.ReadAsync(context.Request, context.RequestAborted);
        if (await sessions.FindAsync(context) is not { } user || !IsSame(user.CsrfToken, form["csrf"]))
        {
            await pages.WriteStaleAsync(context);
            return;
        }

        var owner = OwnerOf(user, form["user"]);
        switch (form["action"].ToString())
        {
            case "revoke":
                // Without a valid id, nothing is revoked.
                var isRevoked = GrantKey.TryParse(form["id"]) is { } key
                    && await RevokeAsync(user, owner, stored => stored.Grant.Key == key, context.RequestAborted) > 0;
                await ShowAsync(context, user, owner, isRevoked
                    ? "The connection is revoked. The client must sign in again within an hour."
                    : "The connection does not exist any more.");
                break;
            case "revoke-all":
                await RevokeAsync(user, owner, static _ => true, context.RequestAborted);
                await ShowAsync(
                    context, user, owner, "All connections are revoked. The clients must sign in again within an hour.");
                break;
            case "sign-out":
                ConnectionsSession.End(context);
                AuthorizationPageHeaders.Set(context.Response);
                await SignInPages.WriteAsync(context, StatusCodes.Status200OK, DonePage.SignedOut(server.Value.Name));
                break;
            default:
                await ShowAsync(context, user, owner, message: null);
                break;
        }
    }

    private async Task<int> RevokeAsync(
        ConnectionsUser user, string owner, Func<StoredGrant, bool> isSelected, CancellationToken cancellationToken)
    {
        var revoked = 0;
        foreach (var stored in await grants.ListAsync(user.Tenant, owner, cancellationToken))
        {
            if (isSelected(stored))
            {
                await grants.RevokeAsync(stored.Grant.Key, cancellationToken);
                audit.Revoked(stored.Grant, user.User);
                revoked++;
            }
        }

        return revoked;
    }

    private async Task ShowAsync(HttpContext context, ConnectionsUser user, string owner, string? message)
    {
        var rows = (await grants.ListAsync(user.Tenant, owner, context.RequestAborted))
            .Where(static stored => stored.Grant.IsActive)
            .OrderByDescending(static stored => stored.Grant.UsedAt)
            .Select(static stored => RowOf(stored.Grant));
        var view = new ConnectionsView(
            server.Value.Name,
            user.Name,
            [.. rows],
            AuthorizationServerPaths.UrlOf(context.Request, AuthorizationServerPaths.Connections),
            user.CsrfToken,
            IsOperator(user),
            owner == user.User ? null : owner,
            message);
        AuthorizationPageHeaders.Set(context.Response);
        await SignInPages.WriteAsync(context, StatusCodes.Status200OK, ConnectionsPage.Render(view));
    }

    private static ConnectionRow RowOf(Grant grant) => new(
        grant.Key.ToString(),
        grant.ClientName,
        grant.VerifiedHost,
        new RedirectTarget(grant.Redirect).Description,
        grant.Person.Scopes,
        grant.GrantedAt,
        grant.UsedAt);

    // Only operators see the grants of others.
    private static string OwnerOf(ConnectionsUser user, string? requested) =>
        IsOperator(user) && Guid.TryParseExact(requested?.Trim(), "D", out var id) ? id.ToString() : user.User;

    private static bool IsOperator(ConnectionsUser user) => user.Roles.Contains(OperatorRole, StringComparer.Ordinal);

    private static bool IsSame(string expected, string? actual) =>
        actual is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(actual));
}
