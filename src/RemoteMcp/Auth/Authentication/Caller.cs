using System.Security.Claims;
using RemoteMcp.DataProtection;

namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// Identifies a caller. The server keeps the sessions, streams, and sealed request states of different callers apart by this value.
/// The same person in another tenant, or with another client app, is a different caller.
/// </summary>
/// <param name="Tenant">The tenant id, or an empty string if the token has none.</param>
/// <param name="User">The object id of the user or app, or the subject of the token.</param>
/// <param name="Client">The id of the client app, or an empty string if the token has none.</param>
internal readonly record struct Caller(string Tenant, string User, string Client)
{
    // Microsoft.Identity.Web can replace the short claim names tid and oid with these.
    private const string MappedTenant = "http://schemas.microsoft.com/identity/claims/tenantid";
    private const string MappedObject = "http://schemas.microsoft.com/identity/claims/objectidentifier";

    /// <summary>Gets the caller if callers do not sign in: the user of this machine. No token produces this value.</summary>
    public static Caller Local { get; } = new("", "", "");

    /// <summary>
    /// Gets a key of 43 characters that is different for every caller and valid as a partition key. It is the base64url form of the SHA-256
    /// hash of the parts.
    /// </summary>
    public string Key => HashedParts.Hash(Tenant, User, Client);

    /// <summary>
    /// Returns the caller that a validated token describes, or <see cref="Local"/> if the principal is not authenticated.
    /// </summary>
    /// <exception cref="InvalidOperationException">The token has no user id, so the server cannot tell callers apart.</exception>
    public static Caller From(ClaimsPrincipal? principal)
    {
        if (principal?.Identity is not { IsAuthenticated: true })
        {
            return Local;
        }

        var user = FindUser(principal)
            ?? throw new InvalidOperationException("An authenticated caller has neither an 'oid' nor a 'sub' claim.");
        return new Caller(First(principal, "tid", MappedTenant) ?? "", user, First(principal, "azp", "appid") ?? "");
    }

    /// <summary>Returns whether the principal has a user id, or is not authenticated because callers do not sign in.</summary>
    public static bool IsIdentifiable(ClaimsPrincipal principal) =>
        principal.Identity is not { IsAuthenticated: true } || FindUser(principal) is not null;

    private static string? FindUser(ClaimsPrincipal principal) => First(principal, "oid", MappedObject, "sub", ClaimTypes.NameIdentifier);

    private static string? First(ClaimsPrincipal principal, params ReadOnlySpan<string> types)
    {
        foreach (var type in types)
        {
            if (principal.FindFirst(type)?.Value is { Length: > 0 } value)
            {
                return value;
            }
        }

        return null;
    }
}
