using System.Text.Json;
using System.Text.Unicode;

namespace RemoteMcp.Protocol;

/// <summary>
/// Parses JSON that all readers interpret in the same way (I-JSON, RFC 7493, section 2): UTF-8, without unpaired surrogates and without
/// duplicate names in an object.
/// </summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions s_options = new() { AllowDuplicateProperties = false, MaxDepth = JsonRpcEnvelope.MaxDepth };

    /// <summary>Parses a JSON document.</summary>
    /// <exception cref="JsonException">The text is not valid JSON, or it violates one of these rules.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span))
        {
            throw new JsonException("the body is not valid UTF-8");
        }

        RefuseUnpairedSurrogates(json.Span);
        return JsonDocument.Parse(json, s_options);
    }

    // JsonDocument.Parse does not find these errors, because it does not unescape strings. Code that reads such a string later gets an
    // InvalidOperationException instead of a JsonException.
    private static void RefuseUnpairedSurrogates(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonRpcEnvelope.MaxDepth });
        while (reader.Read())
        {
            if (reader.ValueIsEscaped && reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            {
                try
                {
                    reader.GetString();
                }
                catch (InvalidOperationException)
                {
                    throw new JsonException($"the string that ends at byte {reader.BytesConsumed} has an unpaired surrogate");
                }
            }
        }
    }
}
