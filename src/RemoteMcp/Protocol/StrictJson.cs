using System.Text.Json;
using System.Text.Unicode;

namespace RemoteMcp.Protocol;

/// <summary>
/// JSON that every reader reads the same (I-JSON, RFC 7493, section 2): UTF-8, no unpaired surrogates, no name twice in an object.
/// </summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = JsonRpcEnvelope.MaxDepth };

    /// <exception cref="JsonException">It is not such JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span))
        {
            throw new JsonException("the body is not valid UTF-8");
        }

        RefuseUnpairedSurrogates(json.Span);
        return JsonDocument.Parse(json, Options);
    }

    // The parser unescapes strings only when they are asked for, and throws something else then.
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
