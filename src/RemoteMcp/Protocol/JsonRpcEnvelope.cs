using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace RemoteMcp.Protocol;

/// <summary>
/// Describes the JSON-RPC message in a request body: its kind, its ids, its method, and its target. The server reads it before the SDK
/// parses the body. Authorization and the routing between instances depend on this description, so the server rejects a message that two
/// JSON readers could interpret differently. The SDK validates the rest of the content.
/// </summary>
internal sealed class JsonRpcEnvelope
{
    /// <summary>The maximum depth of the JSON. The SDK's serializer has the same limit.</summary>
    public const int MaxDepth = 64;

    /// <summary>Gets the id of the message; the default value if it has none, as in a notification.</summary>
    public RequestId Id { get; private init; }

    /// <summary>Gets the method; <see langword="null"/> for a response.</summary>
    public string? Method { get; private init; }

    /// <summary>
    /// Gets the target of the request: <c>params.name</c> (tools, prompts), <c>params.uri</c> (resources), or the name or URI in
    /// <c>params.ref</c> (completion).
    /// </summary>
    public string? Target { get; private init; }

    /// <summary>
    /// Gets the id of the request that a cancellation names (<c>params.requestId</c>); the default value for other messages.
    /// </summary>
    public RequestId CancelledId { get; private init; }

    /// <summary>
    /// Gets the revision in the metadata of a request (<c>params._meta</c>), which only the revisions without sessions have; otherwise
    /// <see langword="null"/>.
    /// </summary>
    public string? Revision { get; private init; }

    /// <summary>Gets the error to respond with if the message cannot be processed; otherwise <see langword="null"/>.</summary>
    public JsonRpcErrorDetail? Problem { get; private init; }

    public bool IsRequest => Method is not null && Id.Id is not null;

    public bool IsResponse => Method is null;

    public bool IsNotification => Method is not null && Id.Id is null;

    /// <summary>Reads a message. This method never throws; it reports errors in <see cref="Problem"/>.</summary>
    /// <param name="body">The JSON of the message.</param>
    /// <param name="era">The era of the message, or <see langword="null"/> if only the message's metadata tells it, as over stdio.</param>
    public static JsonRpcEnvelope Read(ReadOnlyMemory<byte> body, ProtocolEra? era)
    {
        try
        {
            using var document = StrictJson.Parse(body);
            return Read(document.RootElement, era);
        }
        catch (JsonException exception)
        {
            return new() { Problem = new() { Code = (int)McpErrorCode.ParseError, Message = DescribeParseError(exception) } };
        }
    }

    public static string DescribeParseError(JsonException exception) => exception.BytePositionInLine is { } position
        ? $"Parse error: invalid JSON at line {exception.LineNumber + 1}, byte {position + 1}. The maximum nesting depth is {MaxDepth}."
        : $"Parse error: {exception.Message.TrimEnd('.')}.";

    private static JsonRpcEnvelope Read(JsonElement message, ProtocolEra? era)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            var reason = message.ValueKind == JsonValueKind.Array
                ? JsonRpcBatch.NotSupported
                : "a JSON-RPC message must be a JSON object";
            return new() { Problem = new() { Code = (int)McpErrorCode.InvalidRequest, Message = $"Invalid Request: {reason}." } };
        }

        var id = default(RequestId);
        try
        {
            id = ReadId(message);
            return ReadMessage(message, id, era);
        }
        catch (McpProtocolException exception)
        {
            return new() { Id = id, Problem = new() { Code = (int)exception.ErrorCode, Message = exception.Message } };
        }
    }

    private static JsonRpcEnvelope ReadMessage(JsonElement message, RequestId id, ProtocolEra? era)
    {
        if (!message.TryGetProperty("jsonrpc"u8, out var version)
            || version.ValueKind != JsonValueKind.String
            || !version.ValueEquals("2.0"u8))
        {
            throw Invalid("'jsonrpc' must be \"2.0\"");
        }

        if (!message.TryGetProperty("method"u8, out var methodElement))
        {
            CheckResponse(message, id);
            return new() { Id = id };
        }

        if (methodElement.ValueKind != JsonValueKind.String)
        {
            throw Invalid("'method' must be a string");
        }

        if (message.TryGetProperty("result"u8, out _) || message.TryGetProperty("error"u8, out _))
        {
            throw Invalid("a message with a 'method' must not have a 'result' or an 'error'");
        }

        if (id.Id is null && message.TryGetProperty("id"u8, out _))
        {
            // "Unlike base JSON-RPC, the ID MUST NOT be null." (MCP 2025-11-25, Base Protocol, Requests)
            throw Invalid("'id' must be a string or an integer");
        }

        var hasParams = message.TryGetProperty("params"u8, out var parameters) && parameters.ValueKind != JsonValueKind.Null;
        if (hasParams && parameters.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("'params' must be an object");
        }

        if (hasParams)
        {
            MessageParams.CheckNames(parameters);
        }

        var method = methodElement.GetString()!;
        // A client that negotiates a revision begins a session, whatever revision the header or the metadata names.
        var revision = MessageParams.NegotiatesRevision(method, parameters) ? null : MessageParams.ReadRevision(parameters);
        era ??= revision is null ? ProtocolEra.Sessions : ProtocolEra.Stateless;
        if (method == RequestMethods.Initialize && (era == ProtocolEra.Sessions || revision is null))
        {
            MessageParams.CheckInitialize(parameters);
        }

        return new()
        {
            Id = id,
            Method = method,
            Target = MessageParams.ReadTarget(method, parameters, era.Value),
            CancelledId = MessageParams.ReadCancelledId(method, parameters),
            Revision = revision,
        };
    }

    private static void CheckResponse(JsonElement message, RequestId id)
    {
        var hasError = message.TryGetProperty("error"u8, out var error);
        if (message.TryGetProperty("result"u8, out _) == hasError)
        {
            throw Invalid("a message must have a 'method', or be a response that has either a 'result' or an 'error'");
        }

        if (!hasError && id.Id is null)
        {
            throw Invalid("a response needs the 'id' of its request");
        }

        if (hasError && !(error.ValueKind == JsonValueKind.Object
            && error.TryGetProperty("code"u8, out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out _)
            && error.TryGetProperty("message"u8, out var text) && text.ValueKind == JsonValueKind.String))
        {
            throw Invalid("'error' must be an object with an integer 'code' and a string 'message'");
        }
    }

    // Returns the default value if the id is missing or null. An error response to an unreadable message has the id null
    // (JSON-RPC 2.0, section 5).
    private static RequestId ReadId(JsonElement message) =>
        !message.TryGetProperty("id"u8, out var id) || id.ValueKind == JsonValueKind.Null
            ? default
            : MessageParams.AsRequestId(id) ?? throw Invalid("'id' must be a string or an integer");

    private static McpProtocolException Invalid(string reason) => new($"Invalid Request: {reason}.", McpErrorCode.InvalidRequest);
}
