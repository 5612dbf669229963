using System.Text.Json;
using System.Text.RegularExpressions;

namespace RemoteMcp.Testing.Infrastructure;

/// <summary>
/// A resource that a deployment would create. Values that are known only after the deployment are expressions, for example
/// <c>[reference(…)]</c>.
/// </summary>
internal sealed partial class PredictedResource(JsonElement json)
{
    public JsonElement Json => json;

    /// <summary>The type, without the version that the types of extension resources contain.</summary>
    public string Type { get; } = json.GetProperty("type").GetString()!.Split('@')[0];

    /// <summary>The resource id; empty for resources of Microsoft Graph.</summary>
    public string Id { get; } = json.TryGetProperty("id", out var id) ? id.GetString()! : "";

    public string Name { get; } = json.TryGetProperty("name", out var name) ? name.GetString()! : "";

    /// <summary>
    /// The id of the resource that this one belongs to: the part before the last provider. For a role assignment, this is its scope.
    /// </summary>
    public string Scope
    {
        get
        {
            if (ScopeOfExpression().Match(Id) is not { Success: true, Groups: var parts })
            {
                return Id[..Id.LastIndexOf("/providers/", StringComparison.Ordinal)];
            }

            var subscription = $"/subscriptions/{parts["subscription"].Value}";
            return parts switch
            {
                _ when parts["resource"].Success => parts["resource"].Value,
                _ when parts["group"].Success => $"{subscription}/resourceGroups/{parts["group"].Value}",
                _ => subscription,
            };
        }
    }

    /// <summary>The text of a property, for example <c>properties.publicNetworkAccess</c>, or an empty string if it is not set.</summary>
    public string this[string path]
    {
        get
        {
            var value = json;
            foreach (var part in path.Split('.'))
            {
                if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(part, out value))
                {
                    return "";
                }
            }

            return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        }
    }

    public override string ToString() => $"{Type} {Name}";

    // The id of a resource whose name is known only after the deployment.
    [GeneratedRegex(
        @"^\[(extensionResourceId\('(?<resource>[^']+)'" +
        @"|resourceId\('(?<subscription>[^']+)', '(?<group>[^']+)'" +
        @"|subscriptionResourceId\('(?<subscription>[^']+)'), 'Microsoft\.")]
    private static partial Regex ScopeOfExpression();
}
