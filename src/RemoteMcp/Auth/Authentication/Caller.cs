using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using RemoteMcp.DataProtection;

namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// Who is calling: the wall between two callers' sessions, streams and sealed states. The same person in another tenant or through
/// another client app is another caller.
/// </summary>
/// <param name="Tenant">The tenant's id; empty where a token names none.</param>
/// <param name="User">The user's or the app's object id, or the token's subject.</param>
/// <param name="Client">The client app's id; empty where a token names none.</param>
internal readonly record struct Caller(string Tenant, string User, string Client)
{
    // Microsoft.Identity.Web may map the short names to these.
    private const string MappedTenant = "http://schemas.microsoft.com/identity/claims/tenantid";
    private const string MappedObject = "http://schemas.microsoft.com/identity/claims/objectidentifier";

    /// <summary>Whoever calls a server that authenticates nobody: the user of this machine. No token yields it.</summary>
    public static Caller Local { get; } = new("", "", "");

    /// <summary>43 characters, different for every caller and usable as a partition key: base64url of a SHA-256 of the parts.</summary>
    public string Key
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendPart(Tenant);
            hash.AppendPart(User);
            hash.AppendPart(Client);
            return Base64Url.EncodeToString(hash.GetHashAndReset());
        }
    }

    /// <summary>The caller that a validated token describes, or <see cref="Local"/> where nobody is authenticated.</summary>
    /// <exception cref="InvalidOperationException">The token names no user: without one, callers could not be told apart.</exception>
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

    /// <summary>Whether the principal names somebody, or is nobody in particular because callers do not sign in.</summary>
    public static bool IsIdentifiable(ClaimsPrincipal principal) => principal.Identity is not { IsAuthenticated: true } || FindUser(principal) is not null;

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
