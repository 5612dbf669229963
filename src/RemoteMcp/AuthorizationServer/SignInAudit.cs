using Microsoft.Extensions.Logging;
using RemoteMcp.AuthorizationServer.Grants;

namespace RemoteMcp.AuthorizationServer;

/// <summary>
/// Writes one log entry for each sign-in, consent, refusal, and revocation. The entries name the person, the client, and the grant, and
/// contain no token.
/// </summary>
internal sealed partial class SignInAudit(ILogger<SignInAudit> logger)
{
    public void Consented(Grant grant, bool remembered) => Consented(
        grant.Person.Tenant, grant.Person.User, grant.Client, grant.Redirect, string.Join(' ', grant.Person.Scopes),
        remembered ? "an earlier consent" : "the consent page", grant.Key.Id);

    public void Cancelled(Grant grant) => Cancelled(grant.Person.Tenant, grant.Person.User, grant.Client, grant.Redirect);

    public void SignedIn(Grant grant) => SignedIn(grant.Person.Tenant, grant.Person.User, grant.Client, grant.Key.Id);

    public void Refreshed(Grant grant) => Refreshed(grant.Person.Tenant, grant.Person.User, grant.Client, grant.Key.Id);

    public void RefreshRefused(Grant grant, string? reference) =>
        RefreshRefused(grant.Person.Tenant, grant.Person.User, grant.Client, grant.Key.Id, reference ?? "no reference");

    public void CodeReused(Grant grant) => CodeReused(grant.Person.Tenant, grant.Person.User, grant.Client, grant.Key.Id);

    public void RefreshTokenReused(Grant grant) => RefreshTokenReused(grant.Person.Tenant, grant.Person.User, grant.Client, grant.Key.Id);

    public void Revoked(Grant grant, string by) => Revoked(grant.Person.Tenant, grant.Person.User, grant.Client, grant.Key.Id, by);

    [LoggerMessage(LogLevel.Warning, "The sign-in page refused a request: {Reason}")]
    public partial void PageRefused(string reason);

    [LoggerMessage(LogLevel.Debug, "The mark of a refresh was not removed.")]
    public partial void MarkNotRemoved(Exception exception);

    [LoggerMessage(LogLevel.Information, "{Tenant}/{User} granted {Client} ({Redirect}) the scopes {Scopes} through {Page}: grant {Grant}")]
    private partial void Consented(
        string tenant, string user, string client, string redirect, string scopes, string page, string grant);

    [LoggerMessage(LogLevel.Information, "{Tenant}/{User} cancelled the consent for {Client} ({Redirect})")]
    private partial void Cancelled(string tenant, string user, string client, string redirect);

    [LoggerMessage(LogLevel.Information, "{Tenant}/{User} signed in through {Client}: grant {Grant}")]
    private partial void SignedIn(string tenant, string user, string client, string grant);

    [LoggerMessage(LogLevel.Information, "{Tenant}/{User} stays signed in through {Client}: grant {Grant}")]
    private partial void Refreshed(string tenant, string user, string client, string grant);

    [LoggerMessage(
        LogLevel.Warning, "Entra ID refused to refresh the sign-in of {Tenant}/{User} through {Client}: grant {Grant} ended ({Reference})")]
    private partial void RefreshRefused(string tenant, string user, string client, string grant, string reference);

    [LoggerMessage(
        LogLevel.Warning, "An authorization code of {Tenant}/{User} through {Client} was used twice: grant {Grant} is revoked")]
    private partial void CodeReused(string tenant, string user, string client, string grant);

    [LoggerMessage(
        LogLevel.Warning, "A replaced refresh token of {Tenant}/{User} through {Client} was used again: grant {Grant} is revoked")]
    private partial void RefreshTokenReused(string tenant, string user, string client, string grant);

    [LoggerMessage(LogLevel.Information, "Grant {Grant} of {Tenant}/{User} for {Client} was revoked by {By}")]
    private partial void Revoked(string tenant, string user, string client, string grant, string by);
}
