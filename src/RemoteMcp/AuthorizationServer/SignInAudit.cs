using Microsoft.Extensions.Logging;
using RemoteMcp.AuthorizationServer.Clients;
using RemoteMcp.AuthorizationServer.Grants;
using RemoteMcp.Observability;
using RemoteMcp.ToolCalls;

namespace RemoteMcp.AuthorizationServer;

/// <summary>
/// Writes one log entry for each sign-in, consent, refusal, registration, and revocation. The entries name the person, the client, and the
/// grant, and contain no token.
/// </summary>
/// <remarks>
/// Only people whom Entra ID has identified cause entries about grants. Anyone can cause the others, so at most
/// <see cref="AuditLog.RefusalsPerSecond"/> of each kind are written in a second. The next entry of the kind reports how many were omitted.
/// </remarks>
internal sealed partial class SignInAudit(ILogger<SignInAudit> logger, TimeProvider time)
{
    private const int MaxClient = 120;
    private const int MaxReason = 200;
    private const string Unknown = "unknown";

    private readonly LogRate _pages = new(AuditLog.RefusalsPerSecond, time);
    private readonly LogRate _tokens = new(AuditLog.RefusalsPerSecond, time);
    private readonly LogRate _registrations = new(AuditLog.RefusalsPerSecond, time);

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

    /// <summary>Writes the entry of a page that tells a person that a sign-in cannot continue.</summary>
    /// <param name="reason">The reason, without text from the request.</param>
    public void PageRefused(string reason)
    {
        if (_pages.TryWrite(out var omitted))
        {
            var others = OmittedText(omitted);
            PageRefused(reason, others);
        }
    }

    /// <summary>Writes the entry of a token request that got an error.</summary>
    /// <param name="client">The client id in the request, or <see langword="null"/>.</param>
    /// <param name="grantType">The grant type in the request, or <see langword="null"/>.</param>
    /// <param name="error">The error code (RFC 6749, section 5.2).</param>
    /// <param name="description">The description of the error, which contains no token.</param>
    public void TokenRefused(string? client, string? grantType, string error, string? description)
    {
        if (_tokens.TryWrite(out var omitted))
        {
            var isRegistered = client?.StartsWith(SealedRegistrations.Prefix, StringComparison.Ordinal) == true;
            var name = Word(isRegistered ? SealedRegistrations.KeyOf(client!) : client);
            var (grant, code) = (Word(grantType), Word(error));
            var (explanation, others) = (SafeText.Line(description ?? "", MaxReason), OmittedText(omitted));
            TokenRefused(name, grant, code, explanation, others);
        }
    }

    /// <summary>Writes the entry of a client that registered itself (RFC 7591).</summary>
    /// <param name="name">The name that the client chose.</param>
    /// <param name="redirects">The redirect URIs of the client.</param>
    public void Registered(string name, IReadOnlyList<string> redirects)
    {
        if (_registrations.TryWrite(out var omitted))
        {
            var (quoted, uris) = (SafeText.Quote(name), SafeText.Line(string.Join(' ', redirects), MaxReason));
            var others = OmittedText(omitted);
            Registered(quoted, uris, others);
        }
    }

    /// <summary>Writes the entry of a registration that the server refused.</summary>
    /// <param name="reason">The reason.</param>
    public void RegistrationRefused(string reason)
    {
        if (_registrations.TryWrite(out var omitted))
        {
            var (explanation, others) = (SafeText.Line(reason, MaxReason), OmittedText(omitted));
            RegistrationRefused(explanation, others);
        }
    }

    private static string Word(string? text) => string.IsNullOrEmpty(text) ? Unknown : SafeText.Word(text, MaxClient);

    private static string OmittedText(long omitted) => omitted == 0 ? "" : $" ({omitted} more entries of this kind were omitted)";

    [LoggerMessage(LogLevel.Warning, "The sign-in page refused a request: {Reason}{Omitted}")]
    private partial void PageRefused(string reason, string omitted);

    [LoggerMessage(LogLevel.Information, "Token request of {Client} with {GrantType} was refused: {Error} {Description}{Omitted}")]
    private partial void TokenRefused(string client, string grantType, string error, string description, string omitted);

    [LoggerMessage(LogLevel.Information, "Client {Name} registered for {Redirects}{Omitted}")]
    private partial void Registered(string name, string redirects, string omitted);

    [LoggerMessage(LogLevel.Information, "Registration of a client was refused: {Reason}{Omitted}")]
    private partial void RegistrationRefused(string reason, string omitted);

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
