using System.Text.Json.Nodes;

namespace RemoteMcp.Tools.Azure;

/// <summary>Which of Azure's services a call goes to.</summary>
internal enum AzureService
{
    /// <summary>Azure Resource Manager, with Resource Graph and the metrics.</summary>
    Arm,

    /// <summary>The Log Analytics query API.</summary>
    Logs,
}

/// <summary>One request to Azure. Whatever a caller gave is checked before it gets into <paramref name="Path"/>.</summary>
/// <param name="Service">Where to.</param>
/// <param name="Path">The path below the endpoint, with a slash before.</param>
/// <param name="Role">The role that lets an identity do this.</param>
/// <param name="Scope">In words, what the role is needed on.</param>
internal sealed record AzureCall(AzureService Service, string Path, string Role, string Scope)
{
    /// <summary>The query parameters, not escaped.</summary>
    public IReadOnlyList<(string Name, string Value)> Query { get; init; } = [];

    /// <summary>The body of a POST; without it the call is a GET.</summary>
    public JsonNode? Body { get; init; }
}
