using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RemoteMcp.Protocol;

namespace RemoteMcp.Cli.Hosting.Stdio;

/// <summary>Represents a message of the client, or the reason why the server refuses it.</summary>
internal sealed class StdioMessage
{
    private static readonly JsonTypeInfo<JsonRpcMessage> s_typeInfo =
        (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    /// <summary>Gets the id of the message; the default value if it has none or the id could not be read.</summary>
    public RequestId Id { get; private init; }

    /// <summary>Gets the id of the request that the message cancels; otherwise the default value.</summary>
    public RequestId CancelledId { get; private init; }

    /// <summary>Gets the message; <see langword="null"/> if the server refuses it.</summary>
    public JsonRpcMessage? Message { get; private init; }

    /// <summary>Gets the error to respond with; <see langword="null"/> if the server accepts the message.</summary>
    public JsonRpcErrorDetail? Problem { get; private init; }

    /// <summary>Gets whether the client gets a response to the message.</summary>
    public bool GetsResponse => Problem is not null || (Message is JsonRpcRequest && !IsListening);

    /// <summary>Gets whether the message is a request that lasts until the client ends it. Only 2026-07-28 has such requests.</summary>
    public bool IsListening { get; private init; }

    /// <summary>Reads a message with the rules of the server over HTTP.</summary>
    /// <param name="json">The JSON of the message.</param>
    /// <param name="isMember">Whether the message is part of a batch.</param>
    /// <param name="isInitialized">Whether the client has initialized its session.</param>
    public static StdioMessage Read(byte[] json, bool isMember, bool isInitialized)
    {
        var envelope = JsonRpcEnvelope.Read(json, era: null);
        if (envelope.Problem is not null)
        {
            return new() { Id = envelope.Id, Problem = envelope.Problem };
        }

        if (isInitialized && envelope.Method == RequestMethods.Initialize)
        {
            return Refuse(envelope, "this session is already initialized. To open another session, start another process.");
        }

        if (envelope is { Method: RequestMethods.Initialize, Revision: not null })
        {
            return new()
            {
                Id = envelope.Id,
                Problem = new()
                {
                    Code = (int)McpErrorCode.MethodNotFound,
                    Message = $"Method '{envelope.Method}' is not available on protocol version '{envelope.Revision}'.",
                },
            };
        }

        // "The client SHOULD NOT send requests other than pings before the server has responded to the initialize request." (2025-11-25,
        // Lifecycle)
        if (!isInitialized
            && envelope is { IsRequest: true, Revision: null, Method: not (RequestMethods.Initialize or RequestMethods.Ping) })
        {
            return Refuse(
                envelope,
                $"this request needs a session. Send initialize first. A client of {ProtocolRevisions.Stateless} needs no session, and "
                    + "names the revision in the metadata of each request.");
        }

        if (isMember && envelope.Revision is not null)
        {
            return Refuse(envelope, $"{JsonRpcBatch.NotSupported}.");
        }

        try
        {
            return new()
            {
                Id = envelope.Id,
                CancelledId = envelope.CancelledId,
                IsListening = envelope is { Method: RequestMethods.SubscriptionsListen, Revision: not null },
                Message = JsonSerializer.Deserialize(json, s_typeInfo),
            };
        }
        catch (JsonException)
        {
            return Refuse(envelope, "the line is not a valid JSON-RPC message.");
        }
    }

    public static byte[] Write(JsonRpcMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, s_typeInfo);

    private static StdioMessage Refuse(JsonRpcEnvelope envelope, string reason) => new()
    {
        Id = envelope.Id,
        Problem = new() { Code = (int)McpErrorCode.InvalidRequest, Message = $"Invalid Request: {reason}" },
    };
}
