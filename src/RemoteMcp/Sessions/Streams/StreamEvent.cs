using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace RemoteMcp.Sessions.Streams;

/// <summary>One event of a stream, as it is kept and replayed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Data">The JSON-RPC message in UTF-8; empty for a priming event, which only carries the id.</param>
/// <param name="Retry">How long the client should wait before it reconnects, if that was said.</param>
/// <param name="Kind">What comes after it.</param>
internal sealed record StreamEvent(EventId Id, ReadOnlyMemory<byte> Data, TimeSpan? Retry, StreamEventKind Kind)
{
    public static JsonTypeInfo<JsonRpcMessage> MessageTypeInfo { get; } = (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    public static ReadOnlyMemory<byte> Serialize(JsonRpcMessage? message) =>
        message is null ? default : JsonSerializer.SerializeToUtf8Bytes(message, MessageTypeInfo);
}

/// <summary>What an event means for the stream.</summary>
internal enum StreamEventKind
{
    /// <summary>More events may follow.</summary>
    Open,

    /// <summary>The stream is at its end.</summary>
    Final,

    /// <summary>
    /// The server let go of the connection and the client comes back for more (SEP-1699): a replay ends with what there is.
    /// The event is not sent; its sequence is the one of the event before.
    /// </summary>
    Polling,
}
