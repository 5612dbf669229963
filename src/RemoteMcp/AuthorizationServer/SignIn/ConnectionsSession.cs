using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using RemoteMcp.AuthorizationServer.Grants;
using RemoteMcp.DataProtection;

namespace RemoteMcp.AuthorizationServer.SignIn;

/// <summary>
/// Keeps a person signed in to the page with their grants, in a sealed cookie. The cookie is valid for 15 minutes. It allows nothing except
/// this page.
/// </summary>
internal sealed class ConnectionsSession(KeyRing ring, TimeProvider time)
{
    private const string SecureName = "__Host-remote-mcp-connections";
    private const string LoopbackName = "remote-mcp-connections";

    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(15);

    private readonly FleetProtector _protector = ring.Protector("RemoteMcp.AuthorizationServer.Connections");

    /// <summary>Signs the person in, and redirects the browser to the page.</summary>
    public async Task StartAsync(HttpContext context, SignedInPerson person)
    {
        var session = new ConnectionsUser(
            person.Tenant,
            person.User,
            person.ShownName,
            [.. person.Roles],
            Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)),
            time.GetUtcNow() + s_lifetime);
        context.Response.Cookies.Append(
            NameFor(context.Request),
            await _protector.SealAsync(session, ConnectionsJson.Default.ConnectionsUser, context.RequestAborted),
            Options(context.Request, s_lifetime));
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Redirect(AuthorizationServerPaths.UrlOf(context.Request, AuthorizationServerPaths.Connections));
    }

    /// <returns>The person who is signed in to the page, or <see langword="null"/>.</returns>
    public async Task<ConnectionsUser?> FindAsync(HttpContext context) =>
        await _protector.TryOpenAsync(
            context.Request.Cookies[NameFor(context.Request)], ConnectionsJson.Default.ConnectionsUser, context.RequestAborted)
            is { } user && user.ExpiresAt > time.GetUtcNow()
            ? user
            : null;

    /// <summary>Signs the person out of the page.</summary>
    public static void End(HttpContext context) =>
        context.Response.Cookies.Delete(NameFor(context.Request), Options(context.Request, TimeSpan.Zero));

    private static CookieOptions Options(HttpRequest request, TimeSpan lifetime) => new()
    {
        HttpOnly = true,
        Secure = request.IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = lifetime,
        IsEssential = true,
    };

    private static string NameFor(HttpRequest request) => request.IsHttps ? SecureName : LoopbackName;
}

/// <summary>The person who is signed in to the page with their grants.</summary>
/// <param name="Tenant">The id of the tenant.</param>
/// <param name="User">The object id.</param>
/// <param name="Name">The name to show.</param>
/// <param name="Roles">The app roles.</param>
/// <param name="CsrfToken">The token that every form of the page sends back.</param>
/// <param name="ExpiresAt">The time when the person must sign in again.</param>
internal sealed record ConnectionsUser(
    string Tenant, string User, string Name, string[] Roles, string CsrfToken, DateTimeOffset ExpiresAt);

/// <summary>Serializes the session without reflection.</summary>
[JsonSerializable(typeof(ConnectionsUser))]
internal sealed partial class ConnectionsJson : JsonSerializerContext;
