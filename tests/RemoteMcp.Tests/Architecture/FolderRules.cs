namespace RemoteMcp.Tests.Architecture;

/// <summary>The folders of src/ and the other folders that each may use. docs/architecture.md shows the same table.</summary>
internal static class FolderRules
{
    private static readonly string[] s_forTools =
    [
        "RemoteMcp/Auth/Authentication", "RemoteMcp/Auth/Authorization", "RemoteMcp/Auth/OnBehalfOf", "RemoteMcp/AzureClients",
        "RemoteMcp/Configuration", "RemoteMcp/Elicitation", "RemoteMcp/Health", "RemoteMcp/ManagedIdentity", "RemoteMcp/Protocol", "RemoteMcp/Storage", "RemoteMcp/ToolCalls",
        "RemoteMcp.Tools/Shared",
    ];

    /// <summary>Gets, for each folder, the folders that its code may use.</summary>
    public static IReadOnlyDictionary<string, string[]> MayUse { get; } = new Dictionary<string, string[]>
    {
        ["RemoteMcp/Configuration"] = [],
        ["RemoteMcp/Protocol"] = [],
        ["RemoteMcp/ToolCalls"] = [],
        ["RemoteMcp/AzureClients"] = [],
        ["RemoteMcp/Health"] = [],
        ["RemoteMcp/Clients"] = [],
        ["RemoteMcp/ManagedIdentity"] = Server("Configuration"),
        ["RemoteMcp/Storage"] = Server("AzureClients", "Configuration", "Health", "ManagedIdentity"),
        ["RemoteMcp/DataProtection"] = Server("Storage"),
        ["RemoteMcp/Fleet"] = Server("Configuration", "Storage"),
        ["RemoteMcp/Http"] = Server("Configuration", "Health", "Protocol", "Storage"),
        ["RemoteMcp/Auth/Authentication"] = Server("Configuration", "DataProtection", "Http"),
        ["RemoteMcp/Auth/Authorization"] = Server("Auth/Authentication", "Http", "Protocol"),
        ["RemoteMcp/Elicitation"] = Server("Auth/Authentication", "Configuration", "DataProtection", "Protocol", "Storage"),
        ["RemoteMcp/Auth/OnBehalfOf"] = Server("Auth/Authentication", "DataProtection", "Elicitation", "ManagedIdentity", "Storage", "ToolCalls"),
        ["RemoteMcp/Limits"] = Server("Auth/Authentication", "Configuration", "Http", "Protocol"),
        ["RemoteMcp/Observability"] = Server("Auth/Authentication", "Health", "ManagedIdentity"),
        ["RemoteMcp/HomePage"] = Server("Auth/Authentication", "Clients", "Configuration", "Health", "Http"),
        ["RemoteMcp/Sessions"] = Server(
            "Auth/Authentication", "Auth/Authorization", "Auth/OnBehalfOf", "Configuration", "DataProtection", "Fleet", "Http", "Protocol", "Storage"),
        ["RemoteMcp.Tools/Shared"] = [],
        ["RemoteMcp.Tools/Account"] = s_forTools,
        ["RemoteMcp.Tools/Advice"] = s_forTools,
        ["RemoteMcp.Tools/Analytics"] = s_forTools,
        ["RemoteMcp.Tools/Azure"] = s_forTools,
        ["RemoteMcp.Tools/Files"] = s_forTools,
    };

    private static string[] Server(params string[] folders) => [.. folders.Select(static folder => "RemoteMcp/" + folder)];
}
