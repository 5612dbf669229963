using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Sessions.Streams;

namespace RemoteMcp.Sessions;

/// <summary>
/// Provides the SDK message filters that make the SDK objects of several instances behave as one session. A request to the client gets a
/// fleet id, which is unique in the fleet. The answer to it gets the SDK's id back. A message that does not belong to a response stream
/// goes to the session's GET stream, on whichever instance it is open.
/// </summary>
internal sealed class MessageFilters(LiveSessions live, RunningCalls running, SessionDemand demand, StreamMessages streamMessages)
{
    // The answer to a request that the server sends outside a call may arrive at another instance within this time.
    private static readonly TimeSpan s_answerTime = TimeSpan.FromMinutes(2);

    public McpMessageHandler Incoming(McpMessageHandler next) => (context, cancellationToken) =>
    {
        if (context.JsonRpcMessage is JsonRpcRequest && !running.TryDispatch())
        {
            // The client got the error that the call did not start.
            return Task.CompletedTask;
        }

        if (context.JsonRpcMessage is JsonRpcResponse or JsonRpcError
            && live.TryGet(context.Server.SessionId, out var session)
            && session.TryFromFleetId(((JsonRpcMessageWithId)context.JsonRpcMessage).Id, out var id))
        {
            // The filter changes a copy, because the SDK still uses the id of the message that it has read.
            context.JsonRpcMessage = context.JsonRpcMessage switch
            {
                JsonRpcResponse response => new JsonRpcResponse { Id = id, Result = response.Result, Context = response.Context },
                JsonRpcError error => new JsonRpcError { Id = id, Error = error.Error, Context = error.Context },
                var other => other,
            };
        }

        return next(context, cancellationToken);
    };

    public McpMessageHandler Outgoing(McpMessageHandler next) => async (context, cancellationToken) =>
    {
        if (!live.TryGet(context.Server.SessionId, out var session))
        {
            await next(context, cancellationToken);
            return;
        }

        switch (context.JsonRpcMessage)
        {
            case JsonRpcRequest request:
                if (request.Context?.RelatedTransport is null)
                {
                    demand.HoldFor(s_answerTime);
                }

                context.JsonRpcMessage = new JsonRpcRequest
                {
                    Id = session.ToFleetId(request.Id),
                    Method = request.Method,
                    Params = request.Params,
                    Context = request.Context,
                };
                break;
            case JsonRpcNotification { Method: NotificationMethods.CancelledNotification } cancelled:
                context.JsonRpcMessage = WithFleetId(cancelled, session);
                break;
        }

        var message = context.JsonRpcMessage;
        if (message.Context?.RelatedTransport is not null || message is JsonRpcResponse or JsonRpcError)
        {
            await next(context, cancellationToken);
        }
        else if (!await streamMessages.SendAsync(session.Id, message, cancellationToken) && message is JsonRpcRequest unsent)
        {
            throw new McpException(
                $"The server cannot send '{unsent.Method}', because the client has no open GET stream. "
                    + "Send it during a call, or after the client has opened a GET stream.");
        }
    };

    private static JsonRpcNotification WithFleetId(JsonRpcNotification cancelled, LiveSession session)
    {
        if (cancelled.Params is not JsonObject parameters
            || parameters["requestId"] is not JsonValue id
            || !id.TryGetValue<long>(out var number))
        {
            return cancelled;
        }

        var changed = (JsonObject)parameters.DeepClone();
        changed["requestId"] = JsonSerializer.SerializeToNode(
            session.ToFleetId(new RequestId(number)), McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(RequestId)));
        return new JsonRpcNotification { Method = cancelled.Method, Params = changed, Context = cancelled.Context };
    }
}
