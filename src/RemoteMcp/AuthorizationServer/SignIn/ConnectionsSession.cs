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
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(15);

    private static readonly HostCookie s_cookie = new("remote-mcp-connections", s_lifetime);

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
        s_cookie.Write(context, await _protector.SealAsync(session, ConnectionsJson.Default.ConnectionsUser, context.RequestAborted));
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Redirect(AuthorizationServerPaths.UrlOf(context.Request, AuthorizationServerPaths.Connections));
    }

    /// <returns>The person who is signed in to the page, or <see langword="null"/>.</returns>
    public async Task<ConnectionsUser?> FindAsync(HttpContext context) =>
        await _protector.TryOpenAsync(s_cookie.Read(context.Request), ConnectionsJson.Default.ConnectionsUser, context.RequestAborted)
            is { } user && user.ExpiresAt > time.GetUtcNow()
            ? user
            : null;

    /// <summary>Signs the person out of the page.</summary>
    public static void End(HttpContext context) => s_cookie.Delete(context);
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
