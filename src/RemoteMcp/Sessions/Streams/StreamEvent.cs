using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace RemoteMcp.Sessions.Streams;

/// <summary>Represents one event of a stream, as it is stored and replayed.</summary>
/// <param name="Id">The event id.</param>
/// <param name="Data">The JSON-RPC message in UTF-8; empty for a priming event, which only carries the id.</param>
/// <param name="Retry">How long the client should wait before it reconnects, if the SDK specifies it.</param>
/// <param name="Kind">The meaning of the event for the stream.</param>
internal sealed record StreamEvent(EventId Id, ReadOnlyMemory<byte> Data, TimeSpan? Retry, StreamEventKind Kind)
{
    public static JsonTypeInfo<JsonRpcMessage> MessageTypeInfo { get; } =
        (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    public static ReadOnlyMemory<byte> Serialize(JsonRpcMessage? message) =>
        message is null ? default : JsonSerializer.SerializeToUtf8Bytes(message, MessageTypeInfo);
}

/// <summary>Specifies what an event means for the stream. The row keys of events contain the names of these values.</summary>
internal enum StreamEventKind
{
    /// <summary>More events may follow.</summary>
    Open,

    /// <summary>The stream ends with this event.</summary>
    Final,

    /// <summary>
    /// The server closed the connection, and the client reconnects for more events (SEP-1699). A replay that reaches this event ends, so
    /// that the client reconnects again later. The event has its own sequence number, and is never sent to the client.
    /// </summary>
    Polling,
}
