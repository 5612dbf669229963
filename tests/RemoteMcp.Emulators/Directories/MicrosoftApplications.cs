namespace RemoteMcp.Emulators.Directories;

/// <summary>Microsoft's applications that every tenant knows, with their real IDs, names, and token versions.</summary>
public static class MicrosoftApplications
{
    public const string GraphId = "00000003-0000-0000-c000-000000000000";
    public const string StorageId = "e406a681-f3d4-42a8-90b6-c2b029497af1";
    public const string ResourceManagerId = "797f4846-ba00-4fd7-ba43-dac1f8f63013";
    public const string LogAnalyticsId = "ca7f3f0b-7d91-482c-8e09-c5d840d0eac5";
    public const string KeyVaultId = "cfa8b339-82a2-471a-a3c9-0fc0be7a4093";
    public const string VisualStudioCodeId = "aebc6443-996d-45c2-90f0-388ff96faa56";

    /// <summary>
    /// The application uses v2 tokens, so <c>aud</c> is this ID although the federated credential contains
    /// <see cref="TokenExchangeAudience"/>.
    /// </summary>
    public const string TokenExchangeId = "fb60f99c-7a34-4190-8149-302f77469936";

    public const string TokenExchangeAudience = "api://AzureADTokenExchange";

    private const string MicrosoftTenantId = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

    public static IEnumerable<Application> All() =>
    [
        Resource(
            GraphId,
            "Microsoft Graph",
            ["https://graph.microsoft.com"],
            ["openid", "profile", "email", "offline_access", "User.Read", "Mail.Read"]),
        Resource(StorageId, "Azure Storage", ["https://storage.azure.com"], ["user_impersonation"]),
        Resource(
            ResourceManagerId,
            "Windows Azure Service Management API",
            ["https://management.azure.com", "https://management.core.windows.net"],
            ["user_impersonation"]),
        Resource(LogAnalyticsId, "Log Analytics API", ["https://api.loganalytics.io", "https://api.loganalytics.azure.com"], ["Data.Read"]),
        Resource(KeyVaultId, "Azure Key Vault", ["https://vault.azure.net"], ["user_impersonation"]),
        Resource(TokenExchangeId, "AAD Token Exchange Endpoint: Public", [TokenExchangeAudience], [], tokenVersion: 2),
        new()
        {
            ClientId = VisualStudioCodeId,
            DisplayName = "Visual Studio Code",
            HomeTenantId = MicrosoftTenantId,
            MultiTenant = true,
            RedirectUris =
            [
                new("http://127.0.0.1:33418/"),
                new("http://localhost"),
                new("http://localhost:33418/"),
                new("https://vscode.dev/redirect"),
            ],
        },
    ];

    private static Application Resource(string id, string name, string[] uris, string[] scopes, int tokenVersion = 1) => new()
    {
        ClientId = id,
        DisplayName = name,
        HomeTenantId = MicrosoftTenantId,
        MultiTenant = true,
        AccessTokenVersion = tokenVersion,
        EmitsIdTyp = tokenVersion == 1,
        IdentifierUris = [.. uris],
        Scopes = [.. scopes.Select(scope => new DelegatedScope(scope))],
    };
}
