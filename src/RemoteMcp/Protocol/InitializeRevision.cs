using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.Protocol;

/// <summary>
/// Responds to <c>initialize</c> with a revision that has sessions, whatever revision the client requests (see
/// <see cref="ProtocolRevisions.Negotiate"/>). Without this filter, the SDK responds with an error if the client requests 2026-07-28 or a
/// later revision, and a client that supports the earlier revisions too could not connect.
/// </summary>
internal static class InitializeRevision
{
    private const string Field = "protocolVersion";

    public static McpMessageHandler Filter(McpMessageHandler next) => (context, cancellationToken) =>
    {
        if (context.JsonRpcMessage is JsonRpcRequest { Method: RequestMethods.Initialize, Params: JsonObject parameters } request
            && parameters[Field] is JsonValue value && value.TryGetValue(out string? requested)
            && ProtocolRevisions.Negotiate(requested) is var negotiated && negotiated != requested)
        {
            // The filter changes a copy, because the transport still uses the message that it has read.
            var changed = (JsonObject)parameters.DeepClone();
            changed[Field] = negotiated;
            context.JsonRpcMessage = new JsonRpcRequest
            {
                Id = request.Id,
                Method = request.Method,
                Params = changed,
                Context = request.Context,
            };
        }

        return next(context, cancellationToken);
    };
}
