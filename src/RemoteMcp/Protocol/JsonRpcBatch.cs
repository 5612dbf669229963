using System.Runtime.InteropServices;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace RemoteMcp.Protocol;

/// <summary>Splits a JSON-RPC batch into its messages (JSON-RPC 2.0, section 6).</summary>
internal static class JsonRpcBatch
{
    /// <summary>The reason for refusing a batch of another revision than 2025-03-26.</summary>
    public const string NotSupported = $"only MCP {ProtocolRevisions.Batches} supports batches; send each message separately";

    private const int MaxMessages = 100;

    /// <summary>Returns whether JSON text is an array, and therefore a batch.</summary>
    public static bool IsArray(ReadOnlySpan<byte> json) => json.TrimStart(" \t\r\n"u8) is [(byte)'[', ..];

    /// <summary>Returns the messages of a batch. They are not validated.</summary>
    /// <exception cref="JsonException">The text is not valid JSON (see <see cref="StrictJson"/>).</exception>
    /// <exception cref="McpProtocolException">The batch is empty, has too many messages, or contains <c>initialize</c>.</exception>
    public static List<byte[]> Split(ReadOnlyMemory<byte> batch)
    {
        using var document = StrictJson.Parse(batch);
        if (document.RootElement.GetArrayLength() is 0 or > MaxMessages)
        {
            throw new McpProtocolException($"Invalid Request: a batch must have 1 to {MaxMessages} messages.", McpErrorCode.InvalidRequest);
        }

        var messages = new List<byte[]>(document.RootElement.GetArrayLength());
        foreach (var message in document.RootElement.EnumerateArray())
        {
            // "The initialize request MUST NOT be part of a JSON-RPC batch". (MCP 2025-03-26, Lifecycle)
            if (message.ValueKind == JsonValueKind.Object && message.TryGetProperty("method"u8, out var method)
                && method.ValueKind == JsonValueKind.String && method.ValueEquals(RequestMethods.Initialize))
            {
                throw new McpProtocolException("Invalid Request: initialize must not be part of a batch.", McpErrorCode.InvalidRequest);
            }

            messages.Add(JsonMarshal.GetRawUtf8Value(message).ToArray());
        }

        return messages;
    }
}
