using RemoteMcp.Configuration;

namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// Options for authentication. The server is an OAuth 2.1 resource server of Microsoft Entra ID (MCP 2025-11-25 and 2026-07-28,
/// Authorization). Configuration section: <c>RemoteMcp:Auth</c>.
/// </summary>
public sealed class AuthOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = RemoteMcpOptions.Section + ":Auth";

    /// <summary>
    /// Gets or sets whether callers must sign in. The default is <see cref="AuthMode.None"/>. In that mode, the server starts only on a
    /// loopback listener, and it never starts on Azure.
    /// </summary>
    public AuthMode Mode { get; set; }

    /// <summary>
    /// Gets or sets where MCP clients sign in. The default is <see cref="SignInMode.Server"/>. In both modes, the server accepts tokens
    /// that Entra ID issued for it.
    /// </summary>
    public SignInMode SignIn { get; set; }

    /// <summary>Gets or sets the https URL of the cloud's sign-in service. The default is the service of Azure's public cloud.</summary>
    public string Instance { get; set; } = "https://login.microsoftonline.com/";

    /// <summary>
    /// Gets or sets the id of the callers' tenant. The value <c>organizations</c> accepts callers from every tenant in
    /// <see cref="AllowedTenants"/>.
    /// </summary>
    public string? TenantId { get; set; }

    /// <summary>Gets or sets the client id of the server's app registration. It is the audience of version 2.0 tokens.</summary>
    public string? ClientId { get; set; }

    /// <summary>
    /// Gets the identifier URIs of the app registration. The server accepts them as additional audiences, and it qualifies scopes with the
    /// first one. If the list is empty, scopes are qualified with <c>api://</c> and the client id. If the endpoint's URL is an identifier
    /// URI (this needs a custom domain), list it here. Clients that send the <c>resource</c> parameter of RFC 8707 can then sign in.
    /// </summary>
    public IList<string> Audiences { get; } = [];

    /// <summary>
    /// Gets the ids of the tenants from which the server accepts tokens. If the list is empty, it accepts those of <see cref="TenantId"/>.
    /// </summary>
    public IList<string> AllowedTenants { get; } = [];

    /// <summary>
    /// Gets the client ids of the apps that may call the server with a token of Entra ID. If the list is empty, every app may call. The
    /// list does not limit clients that sign in at the server.
    /// </summary>
    public IList<string> AllowedClients { get; } = [];

    /// <summary>
    /// Gets or sets the delegated scope that every user token needs, without the identifier URI. The default is <c>Mcp.Use</c>.
    /// </summary>
    public string RequiredScope { get; set; } = "Mcp.Use";

    /// <summary>
    /// Gets or sets the app role that every token of an app without a user needs. The default is <c>Mcp.Invoke</c>.
    /// </summary>
    public string RequiredRole { get; set; } = "Mcp.Invoke";

    /// <summary>
    /// Gets additional permissions for individual tools, by tool name. Tool names are not case-sensitive. An entry can only add
    /// requirements to those that the tool declares. It cannot remove any.
    /// </summary>
    public IDictionary<string, ToolPermissions> Tools { get; } = new Dictionary<string, ToolPermissions>(StringComparer.OrdinalIgnoreCase);

    internal bool IsMultiTenant => string.Equals(TenantId, AuthOptionsValidator.AnyOrganization, StringComparison.OrdinalIgnoreCase);

    /// <summary>Gets the identifier URI that precedes the name of a scope in its fully qualified form.</summary>
    internal string IdentifierUri => Audiences is [{ } first, ..] ? first.TrimEnd('/') : "api://" + ClientId;

    /// <summary>Gets the tenants from which the server accepts tokens.</summary>
    internal IEnumerable<string> Tenants => AllowedTenants.Count > 0 ? AllowedTenants : [TenantId ?? ""];

    /// <summary>Gets the issuers of the version 2.0 tokens of these tenants.</summary>
    internal IEnumerable<string> Issuers => Tenants.Select(tenant => $"{Instance.TrimEnd('/')}/{tenant.ToLowerInvariant()}/v2.0");

    internal string Authority => $"{Instance.TrimEnd('/')}/{TenantId}/v2.0";
}
