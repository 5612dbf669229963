using System.Text;
using ModelContextProtocol;

namespace RemoteMcp.Tools.Azure;

/// <summary>
/// Parses the id of an Azure resource and builds it again from its parts, so that a caller's value can only be the path of a resource.
/// </summary>
internal static class ResourceId
{
    /// <summary>The maximum length of an id, in characters.</summary>
    public const int MaxLength = 1_000;

    private const int MaxName = 260;

    /// <summary>Parses the argument <c>resource_id</c>.</summary>
    /// <returns>The escaped path for a URL.</returns>
    /// <exception cref="McpException">The text is not a resource id.</exception>
    public static string ToPath(string id)
    {
        var parts = id.Trim().Trim('/').Split('/');
        var good = parts is [var first, var subscription, ..] && Is(first, "subscriptions") && Guid.TryParseExact(subscription, "D", out _)
            && parts[2..] is ([var groups, _, var providers, _, _, _, ..] and { Length: var length })
            && Is(groups, "resourceGroups")
            && Is(providers, "providers")
            && length % 2 == 0
            && parts[2..].All(IsName);
        return good
            ? "/" + string.Join('/', parts.Select(Uri.EscapeDataString))
            : throw new McpException($"resource_id: {SafeText.Quote(id)} is not the id of a resource. Use an id from the column id of "
                + "query_resources: "
                + "/subscriptions/GUID/resourceGroups/GROUP/providers/NAMESPACE/TYPE/NAME.");
    }

    private static bool Is(string part, string name) => string.Equals(part, name, StringComparison.OrdinalIgnoreCase);

    // No name in Azure consists only of dots. In a URL, such a name would be a relative path segment.
    private static bool IsName(string part) =>
        part.Length is > 0 and <= MaxName && part.EnumerateRunes().All(IsInName) && part.Any(static c => c != '.');

    private static bool IsInName(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || rune.Value is '-' or '_' or '.' or '(' or ')' or ' ' or '$' or '~';
}
