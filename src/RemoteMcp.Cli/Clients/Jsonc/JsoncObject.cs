using System.Text.Json;

namespace RemoteMcp.Cli.Clients.Jsonc;

/// <summary>Where a member's name starts and its value starts and ends, in bytes.</summary>
internal readonly record struct JsoncMember(int NameStart, int ValueStart, int ValueEnd);

/// <summary>Where an object and its members stand in a document, in bytes.</summary>
internal readonly record struct JsoncObject
{
    /// <summary>The opening brace.</summary>
    public int Open { get; private init; }

    /// <summary>The closing brace.</summary>
    public int Close { get; private init; }

    /// <summary>Its first member.</summary>
    public JsoncMember? First { get; private init; }

    /// <summary>Its last member.</summary>
    public JsoncMember? Last { get; private init; }

    /// <summary>The last member that has the name that was looked for.</summary>
    public JsoncMember? Match { get; private init; }

    /// <summary>Whether a comma follows its last member.</summary>
    public bool HasTrailingComma { get; private init; }

    /// <summary>Looks through the object that opens at <paramref name="open"/> of a valid blanked document.</summary>
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
