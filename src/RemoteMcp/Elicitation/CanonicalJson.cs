using System.Buffers;
using System.Text.Json;

namespace RemoteMcp.Elicitation;

/// <summary>Writes arguments as bytes that do not depend on the order in which the client sent the properties.</summary>
internal static class CanonicalJson
{
    public static ReadOnlySpan<byte> Write(IEnumerable<KeyValuePair<string, JsonElement>> properties)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            WriteObject(writer, properties);
        }

        return buffer.WrittenSpan;
    }

    private static void WriteObject(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, JsonElement>> properties)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in properties.OrderBy(property => property.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(name);
            WriteValue(writer, value);
        }

        writer.WriteEndObject();
    }

    // The recursion is bounded, because the reader that created the element refuses more than 64 levels.
    private static void WriteValue(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(writer, value.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, property.Value)));
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    WriteValue(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Undefined:
                writer.WriteNullValue();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
