using System.Text.Json;

namespace RemoteMcp.ToolCalls.Schemas;

/// <summary>Compares JSON values. The library's comparer gives 1 and 1.0 different hash codes.</summary>
internal sealed class ValueComparer : IEqualityComparer<JsonElement>
{
    public static ValueComparer Instance { get; } = new();

    public bool Equals(JsonElement x, JsonElement y) => JsonElement.DeepEquals(x, y);

    public int GetHashCode(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble().GetHashCode(),
        JsonValueKind.String => value.GetString()!.GetHashCode(StringComparison.Ordinal),
        JsonValueKind.Array => value.EnumerateArray().Aggregate(1, (hash, item) => HashCode.Combine(hash, GetHashCode(item))),
        // The order of the properties has no meaning.
        JsonValueKind.Object => value.EnumerateObject().Aggregate(
            2, (hash, property) => hash ^ HashCode.Combine(property.Name, GetHashCode(property.Value))),
        var kind => (int)kind,
    };
}
