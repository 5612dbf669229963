using System.Text.Json;

namespace RemoteMcp.Cli.Clients.Jsonc;

/// <summary>Represents the byte offsets of a member: the start of its name, and the start and end of its value.</summary>
internal readonly record struct JsoncMember(int NameStart, int ValueStart, int ValueEnd);

/// <summary>Represents the byte offsets of an object and its members in a document.</summary>
internal readonly record struct JsoncObject
{
    /// <summary>Gets the offset of the opening brace.</summary>
    public int Open { get; private init; }

    /// <summary>Gets the offset of the closing brace.</summary>
    public int Close { get; private init; }

    /// <summary>Gets the first member, or null if the object is empty.</summary>
    public JsoncMember? First { get; private init; }

    /// <summary>Gets the last member, or null if the object is empty.</summary>
    public JsoncMember? Last { get; private init; }

    /// <summary>Gets the last member with the requested name, or null if there is none.</summary>
    public JsoncMember? Match { get; private init; }

    /// <summary>Gets a value that indicates whether a comma follows the last member.</summary>
    public bool HasTrailingComma { get; private init; }

    /// <summary>
    /// Scans the object that opens at <paramref name="open"/>. The document must be valid, with its comments replaced by spaces.
    /// </summary>
    public static JsoncObject Scan(ReadOnlySpan<byte> json, int open, string name)
    {
        var reader = new Utf8JsonReader(json[open..], JsoncText.ReaderOptions);
        reader.Read();

        JsoncMember? first = null, last = null, match = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var nameStart = open + (int)reader.TokenStartIndex;
            var matches = reader.ValueTextEquals(name);
            reader.Read();
            var valueStart = open + (int)reader.TokenStartIndex;
            reader.Skip();

            last = new JsoncMember(nameStart, valueStart, open + (int)reader.BytesConsumed);
            first ??= last;
            match = matches ? last : match;
        }

        var close = open + (int)reader.TokenStartIndex;
        return new JsoncObject
        {
            Open = open,
            Close = close,
            First = first,
            Last = last,
            Match = match,
            HasTrailingComma = last is { } member && json[member.ValueEnd..close].Contains((byte)','),
        };
    }
}
