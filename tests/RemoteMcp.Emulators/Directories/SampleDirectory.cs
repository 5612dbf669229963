namespace RemoteMcp.Emulators.Directories;

/// <summary>
/// Two tenants with everything that a deployment of this server has in Entra ID: its app registration, whose only production credential is
/// the managed identity, clients of each kind, and users with and without permission. The IDs are constant, so settings stay valid.
/// </summary>
public sealed class SampleDirectory
{
    public const string ContosoId = "10000000-0000-4000-8000-000000000001";
    public const string FabrikamId = "10000000-0000-4000-8000-000000000002";
    public const string ServerId = "20000000-0000-4000-8000-000000000001";
    public const string ServerSecret = "sample-server-secret";
    public const string DesktopClientId = "20000000-0000-4000-8000-000000000002";
    public const string BrowserClientId = "20000000-0000-4000-8000-000000000003";
    public const string DaemonId = "20000000-0000-4000-8000-000000000004";
    public const string DaemonSecret = "sample-daemon-secret";
    public const string IdentityClientId = "30000000-0000-4000-8000-000000000001";
    public const string IdentityObjectId = "30000000-0000-4000-8000-000000000002";
    public const string SystemIdentityClientId = "30000000-0000-4000-8000-000000000003";

    /// <summary>The scope prefix of the server, and the <c>resource</c> that Entra accepts with its scopes.</summary>
    public const string ServerUri = "api://" + ServerId;

    /// <summary>The path to which Entra ID returns users of the server. The registration has it for loopback, with any port.</summary>
    public const string CallbackPath = "/oauth/callback";

    private const string ResourceGroup = "/subscriptions/40000000-0000-4000-8000-000000000001/resourcegroups/remote-mcp/providers";

    public SampleDirectory()
    {
        Directory = new()
        {
            Tenants = [Contoso, Fabrikam],
            Applications = [Server, DesktopClient, BrowserClient, Daemon, .. MicrosoftApplications.All()],
        };
        Contoso.Consent(Server, Directory.FindClient(MicrosoftApplications.GraphId, Contoso)!, ["User.Read"]);
    }

    public Tenant Contoso { get; } = new()
    {
        Id = ContosoId,
        DisplayName = "Contoso",
        Domain = "contoso.example",
        Users =
        [
            new()
            {
                ObjectId = "50000000-0000-4000-8000-000000000001",
                PrincipalName = "adele@contoso.example",
                DisplayName = "Adele Vance",
                JobTitle = "Retail Manager",
            },
            new()
            {
                ObjectId = "50000000-0000-4000-8000-000000000002",
                PrincipalName = "megan@contoso.example",
                DisplayName = "Megan Bowen",
                JobTitle = "Marketing Manager",
            },
        ],
        ManagedIdentities =
        [
            new()
            {
                ClientId = IdentityClientId,
                ObjectId = IdentityObjectId,
                ResourceId = ResourceGroup + "/Microsoft.ManagedIdentity/userAssignedIdentities/remote-mcp",
            },
            new()
            {
                ClientId = SystemIdentityClientId,
                ObjectId = "30000000-0000-4000-8000-000000000004",
                ResourceId = ResourceGroup + "/Microsoft.Web/sites/remote-mcp",
                SystemAssigned = true,
            },
        ],
    };

    public Tenant Fabrikam { get; } = new()
    {
        Id = FabrikamId,
        DisplayName = "Fabrikam",
        Domain = "fabrikam.example",
        Users =
        [
            new()
            {
                ObjectId = "50000000-0000-4000-8000-000000000003",
                PrincipalName = "alex@fabrikam.example",
                DisplayName = "Alex Wilber",
            },
        ],
    };

    /// <summary>
    /// The app registration of the MCP server. It is an API, the web client with which the server signs users in, and the client of the
    /// server's on-behalf-of calls.
    /// </summary>
    public Application Server { get; } = new()
    {
        ClientId = ServerId,
        DisplayName = "Remote MCP",
        HomeTenantId = ContosoId,
        IdentifierUris = [ServerUri],
        Scopes = [new("Mcp.Use"), new("Files.Read"), new("Files.Write"), new("Azure.Read"), new("Admin.All", AdminConsentRequired: true)],
        AppRoles = ["Mcp.Invoke", "Mcp.Admin"],
        Secrets = [ServerSecret],
        FederatedCredentials = [new(FederatedCredential.HomeTenantIssuer, IdentityObjectId)],
        RedirectUris =
        [
            new("https://localhost/signin-oidc", RedirectPlatform.Web),
            new("http://localhost" + CallbackPath, RedirectPlatform.Web),
            new("http://127.0.0.1" + CallbackPath, RedirectPlatform.Web),
        ],
        RequiredPermissions = ["https://graph.microsoft.com/User.Read"],
        PreauthorizedClients = new Dictionary<string, IReadOnlySet<string>>
        {
            [MicrosoftApplications.VisualStudioCodeId] = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "Mcp.Use" },
        },
        Assignments = { [DaemonPrincipalId] = new HashSet<string> { "Mcp.Invoke" } },
    };

    /// <summary>A pre-registered public client with the callbacks that desktop and command-line MCP clients use.</summary>
    public Application DesktopClient { get; } = new()
    {
        ClientId = DesktopClientId,
        DisplayName = "MCP clients",
        HomeTenantId = ContosoId,
        RedirectUris =
        [
            new("http://localhost"), new("http://localhost/callback"), new("http://localhost/oauth/callback"),
            new("http://127.0.0.1"), new("http://127.0.0.1/callback"), new("http://127.0.0.1/oauth/callback"),
        ],
        RequiredPermissions = [ServerUri + "/Mcp.Use"],
    };

    /// <summary>A client that runs in a browser, such as the Inspector.</summary>
    public Application BrowserClient { get; } = new()
    {
        ClientId = BrowserClientId,
        DisplayName = "MCP client in a browser",
        HomeTenantId = ContosoId,
        RedirectUris =
        [
            new("http://localhost:6274/oauth/callback", RedirectPlatform.Spa),
            new("http://localhost:6274/oauth/callback/debug", RedirectPlatform.Spa),
        ],
    };

    /// <summary>A client without a user. It has the role <c>Mcp.Invoke</c>.</summary>
    public Application Daemon { get; } = new()
    {
        ClientId = DaemonId,
        DisplayName = "Nightly job",
        HomeTenantId = ContosoId,
        ServicePrincipalId = DaemonPrincipalId,
        Secrets = [DaemonSecret],
    };

    public EntraDirectory Directory { get; }

    public User Adele => Contoso.Users[0];

    public User Megan => Contoso.Users[1];

    /// <summary>Registers the callback of a server that is not on loopback, also while the emulator runs.</summary>
    /// <param name="host">The host name, with a port if it is not 443.</param>
    public void AddServerHost(string host) =>
        Server.AddRedirectUri(new($"https://{host}{CallbackPath}", RedirectPlatform.Web));

    private const string DaemonPrincipalId = "30000000-0000-4000-8000-000000000005";
}
