using RemoteMcp.Configuration;

namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// Who may call: the server as an OAuth 2.1 resource server of Microsoft Entra ID (MCP 2025-11-25 and 2026-07-28, Authorization).
/// Section <c>RemoteMcp:Auth</c>.
/// </summary>
public sealed class AuthOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = RemoteMcpOptions.Section + ":Auth";

    /// <summary>
    /// Whether callers sign in. <see cref="AuthMode.None"/> by default, with which a server starts on a loopback listener only, and never
    /// on Azure.
    /// </summary>
    public AuthMode Mode { get; set; }

    /// <summary>The sign-in service of the cloud, an https URL; Azure's public cloud by default.</summary>
    public string Instance { get; set; } = "https://login.microsoftonline.com/";

    /// <summary>
    /// The tenant whose people call: its id. <c>organizations</c> takes people of every tenant in <see cref="AllowedTenants"/>.
    /// </summary>
    public string? TenantId { get; set; }

    /// <summary>The client id of the server's own app registration: the audience of version 2.0 tokens.</summary>
    public string? ClientId { get; set; }

    /// <summary>
    /// The registration's identifier URIs: further audiences, and the first one is what the scopes are qualified with. By default that is
    /// <c>api://</c> and the client id. Where the endpoint's own URL is an identifier URI (it needs a custom domain), list it here:
    /// clients that send the <c>resource</c> parameter of RFC 8707 then sign in.
    /// </summary>
    public IList<string> Audiences { get; } = [];

    /// <summary>The ids of the tenants whose tokens are accepted; the one of <see cref="TenantId"/> by default.</summary>
    public IList<string> AllowedTenants { get; } = [];

    /// <summary>The client ids of the apps that may call; every app by default.</summary>
    public IList<string> AllowedClients { get; } = [];

    /// <summary>The delegated scope that every token of a user needs, without the identifier URI; <c>Mcp.Use</c> by default.</summary>
    public string RequiredScope { get; set; } = "Mcp.Use";

    /// <summary>The app role that every token of an app without a user needs; <c>Mcp.Invoke</c> by default.</summary>
    public string RequiredRole { get; set; } = "Mcp.Invoke";

    /// <summary>
    /// What the callers of single tools need besides what the tools ask themselves, by the tool's name, whose letter case does not matter.
    /// Entries only ever tighten.
    /// </summary>
    public IDictionary<string, ToolPermissions> Tools { get; } = new Dictionary<string, ToolPermissions>(StringComparer.OrdinalIgnoreCase);

    internal bool IsMultiTenant => string.Equals(TenantId, AuthOptionsValidator.AnyOrganization, StringComparison.OrdinalIgnoreCase);

    /// <summary>What makes a scope's name fully qualified.</summary>
    internal string IdentifierUri => Audiences is [{ } first, ..] ? first.TrimEnd('/') : "api://" + ClientId;

    /// <summary>The tenants whose tokens are accepted.</summary>
    internal IEnumerable<string> Tenants => AllowedTenants.Count > 0 ? AllowedTenants : [TenantId ?? ""];

    /// <summary>The issuers of their version 2.0 tokens.</summary>
    internal IEnumerable<string> Issuers => Tenants.Select(tenant => $"{Instance.TrimEnd('/')}/{tenant.ToLowerInvariant()}/v2.0");

    internal string Authority => $"{Instance.TrimEnd('/')}/{TenantId}/v2.0";
}
