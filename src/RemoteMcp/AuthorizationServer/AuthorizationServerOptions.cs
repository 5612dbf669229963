using RemoteMcp.Configuration;

namespace RemoteMcp.AuthorizationServer;

/// <summary>
/// Options for the authorization server that signs MCP clients in. Configuration section: <c>RemoteMcp:AuthorizationServer</c>.
/// </summary>
public sealed class AuthorizationServerOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = RemoteMcpOptions.Section + ":AuthorizationServer";

    /// <summary>
    /// Gets the hosts to which clients may redirect the browser after a sign-in, and the schemes of apps, such as <c>cursor:</c>. If the
    /// list is empty, the server allows the published callbacks of Claude, ChatGPT, VS Code, Cursor, and Copilot Studio. Loopback addresses
    /// are always allowed.
    /// </summary>
    public IList<string> AllowedRedirects { get; } = [];

    /// <summary>
    /// Gets or sets the lifetime of access tokens, from 1 minute to 1 hour. The default is 1 hour. A revoked grant, a disabled user, or a
    /// new policy takes effect within this time.
    /// </summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Gets or sets how long a client stays signed in without using the server, from 1 hour to 90 days. The default is 30 days.
    /// </summary>
    public TimeSpan RefreshTokenLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// Gets or sets the path of a PEM or PFX file with the certificate and private key of the app registration. Use it only where there is
    /// no managed identity, such as on a developer's machine. By default, the credential is an assertion of the managed identity.
    /// </summary>
    public string? CertificatePath { get; set; }
}
