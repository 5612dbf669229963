using System.Text.Json.Nodes;

namespace RemoteMcp.Tools.Azure;

/// <summary>The Azure service that a request is for.</summary>
internal enum AzureService
{
    /// <summary>Azure Resource Manager, including Resource Graph and metrics.</summary>
    Arm,

    /// <summary>The Log Analytics query API.</summary>
    Logs,
}

/// <summary>A request to Azure. Values from callers are validated before they become part of <paramref name="Path"/>.</summary>
/// <param name="Service">The service.</param>
/// <param name="Path">The path below the endpoint, with a leading slash.</param>
/// <param name="Role">The role that the identity needs for the request.</param>
/// <param name="Scope">A description of the scope on which the role is needed.</param>
internal sealed record AzureCall(AzureService Service, string Path, string Role, string Scope)
{
    /// <summary>Gets the query parameters, not escaped.</summary>
    public IReadOnlyList<(string Name, string Value)> Query { get; init; } = [];

    /// <summary>Gets the body of a POST request. Without a body, the request is a GET.</summary>
    public JsonNode? Body { get; init; }
}
