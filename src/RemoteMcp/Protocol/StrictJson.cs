using System.Text.Json;
using System.Text.Unicode;

namespace RemoteMcp.Protocol;

/// <summary>
/// Parses JSON that all readers interpret in the same way (I-JSON, RFC 7493, section 2): UTF-8, without unpaired surrogates and without
/// duplicate names in an object. The limits of <see cref="JsonScan"/> apply.
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

        if (JsonScan.CanExceed(json.Length) || HasEscapedSurrogate(json.Span))
        {
            new JsonScan().Continue(json.Span, isComplete: true);
        }

        return JsonDocument.Parse(json, s_options);
    }

    private static bool HasEscapedSurrogate(ReadOnlySpan<byte> json) => json.IndexOf("\\ud"u8) >= 0 || json.IndexOf("\\uD"u8) >= 0;
}
