using System.Reflection;
using RemoteMcp.Tools;

namespace RemoteMcp.Tests.Architecture;

/// <summary>The folders of src/ and the other folders that each may use. docs/architecture.md shows the same table.</summary>
internal static class FolderRules
{
    /// <summary>The folder that stands for every family of tools in the document. A new family needs no row.</summary>
    public const string AnyFamily = "RemoteMcp.Tools/FAMILY";

    private static readonly string[] s_forTools =
    [
        .. Server("Auth/Authentication", "Auth/Authorization", "Auth/OnBehalfOf", "AzureClients", "Configuration", "Elicitation", "Health"),
        .. Server("ManagedIdentity", "Protocol", "Storage", "ToolCalls"),
        "RemoteMcp.Tools/Shared",
    ];

    /// <summary>Gets the rows of the document: for each folder, the folders that its code may use.</summary>
    public static IReadOnlyDictionary<string, string[]> Rows { get; } = new Dictionary<string, string[]>
    {
        ["RemoteMcp/Configuration"] = [],
        ["RemoteMcp/Protocol"] = [],
        ["RemoteMcp/ToolCalls"] = Server("Configuration"),
        ["RemoteMcp/AzureClients"] = [],
        ["RemoteMcp/Health"] = [],
        ["RemoteMcp/Clients"] = [],
        ["RemoteMcp/Web"] = [],
        ["RemoteMcp/ManagedIdentity"] = Server("Configuration"),
        ["RemoteMcp/Storage"] = Server("AzureClients", "Configuration", "Health", "ManagedIdentity"),
        ["RemoteMcp/DataProtection"] = Server("AzureClients", "Configuration", "Health", "ManagedIdentity", "Storage", "ToolCalls"),
        ["RemoteMcp/Fleet"] = Server("Configuration", "DataProtection", "Storage"),
        ["RemoteMcp/Http"] = Server("Configuration", "Health", "Protocol", "Storage"),
        ["RemoteMcp/Auth/Authentication"] = Server("Configuration", "DataProtection", "Http"),
        ["RemoteMcp/Auth/Authorization"] = Server("Auth/Authentication", "Http", "Protocol"),
        ["RemoteMcp/Elicitation"] = Server("Auth/Authentication", "Configuration", "DataProtection", "Protocol", "Storage"),
        ["RemoteMcp/Auth/OnBehalfOf"] = Server(
            "Auth/Authentication", "DataProtection", "Elicitation", "ManagedIdentity", "Storage", "ToolCalls"),
        ["RemoteMcp/Limits"] = Server("Auth/Authentication", "Configuration", "Http", "Protocol"),
        ["RemoteMcp/Observability"] = Server("Auth/Authentication", "Health", "Http", "ManagedIdentity", "Protocol", "ToolCalls"),
        ["RemoteMcp/HomePage"] = Server("Auth/Authentication", "Clients", "Configuration", "Health", "Http", "ToolCalls", "Web"),
        ["RemoteMcp/AuthorizationServer"] = Server(
            "Auth/Authentication",
            "Auth/Authorization",
            "Auth/OnBehalfOf",
            "Configuration",
            "DataProtection",
            "Health",
            "ManagedIdentity",
            "Observability",
            "Protocol",
            "Storage",
            "ToolCalls",
            "Web"),
        ["RemoteMcp/Sessions"] = Server(
            "Auth/Authentication",
            "Auth/Authorization",
            "Auth/OnBehalfOf",
            "Configuration",
            "DataProtection",
            "Elicitation",
            "Fleet",
            "Http",
            "Limits",
            "Observability",
            "Protocol",
            "Storage"),
        ["RemoteMcp.Tools/Shared"] = [],
        [AnyFamily] = s_forTools,
        ["RemoteMcp.Cli/Advice"] = ["RemoteMcp.Tools/Advice"],
        ["RemoteMcp.Cli/Clients"] = ["RemoteMcp/Clients"],
        ["RemoteMcp.Cli/Doctor"] = Server("Configuration", "ToolCalls"),
        ["RemoteMcp.Cli/Hosting"] =
        [
            .. Server("Auth/Authentication", "Clients", "Configuration", "Http", "Protocol", "Storage", "ToolCalls"),
            "RemoteMcp.Tools/Analytics",
        ],
        ["RemoteMcp.Cli/Migration"] = ["RemoteMcp.Cli/Clients", .. Server("Clients", "ToolCalls"), "RemoteMcp.Tools/Advice"],
        ["RemoteMcp.Cli/Commands"] =
        [
            .. Cli("Advice", "Clients", "Doctor", "Hosting", "Migration"),
            .. Server("Clients", "ToolCalls"),
            "RemoteMcp.Tools/Advice",
            "RemoteMcp.Tools/Analytics",
        ],
    };

    /// <summary>Gets the rules of all folders, with one for each family of tools.</summary>
    public static IReadOnlyDictionary<string, string[]> MayUse { get; } = Rows
        .Where(static row => row.Key != AnyFamily)
        .Concat(Families().Select(static family => KeyValuePair.Create(family, s_forTools)))
        .ToDictionary();

    private static IEnumerable<string> Families() => Assembly.GetAssembly(typeof(TeamTools))!.GetTypes()
        .Select(static type => type.Namespace?.Split('.'))
        .Where(static parts => parts is ["RemoteMcp", "Tools", _, ..])
        .Select(static parts => $"RemoteMcp.Tools/{parts![2]}")
        .Distinct()
        .Where(static family => family != "RemoteMcp.Tools/Shared");

    private static string[] Server(params string[] folders) => [.. folders.Select(static folder => "RemoteMcp/" + folder)];

    private static string[] Cli(params string[] folders) => [.. folders.Select(static folder => "RemoteMcp.Cli/" + folder)];
}
