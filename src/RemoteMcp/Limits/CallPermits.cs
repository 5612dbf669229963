using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.Limits;

/// <summary>
/// Holds the permit of a request while the SDK processes it. A caller that closes its connections, or cancels calls that ignore the
/// cancellation, therefore has no more calls than <see cref="LimitOptions.ConcurrentRequests"/>.
/// </summary>
internal sealed class CallPermits
{
    private const string StartKey = "RemoteMcp.Limits.CallStart";

    private readonly AsyncLocal<RequestPermit?> _current = new();

    /// <summary>Sets the permit of the messages that are processed in the current execution context.</summary>
    public void Enter(RequestPermit permit) => _current.Value = permit;

    /// <summary>
    /// Adds a permit to a message that the SDK processes in another execution context than that of its request.
    /// </summary>
    /// <returns>
    /// A task that completes when the SDK begins to process the message. The message keeps the permit only if the permit lasts until then.
    /// </returns>
    public static Task Attach(JsonRpcMessage message, RequestPermit permit)
    {
        var start = new CallStart(permit, new(TaskCreationOptions.RunContinuationsAsynchronously));
        message.Context ??= new JsonRpcMessageContext();
        (message.Context.Items ??= new Dictionary<string, object?>())[StartKey] = start;
        return start.Begun.Task;
    }

    /// <summary>The filter of messages from the client.</summary>
    public McpMessageHandler Incoming(McpMessageHandler next) => (context, cancellationToken) =>
    {
        if (context.JsonRpcMessage is not JsonRpcRequest request)
        {
            return next(context, cancellationToken);
        }

        var start = request.Context?.Items?.TryGetValue(StartKey, out var item) == true ? (CallStart)item! : null;
        return (start?.Permit ?? _current.Value) is { } permit
            ? HoldAsync(permit, start, next, context, cancellationToken)
            : next(context, cancellationToken);
    };

    private static async Task HoldAsync(
        RequestPermit permit, CallStart? start, McpMessageHandler next, MessageContext context, CancellationToken cancellationToken)
    {
        if (!permit.TryKeep())
        {
            throw new McpProtocolException("The request has ended; call again.", McpErrorCode.InternalError);
        }

        try
        {
            start?.Begun.TrySetResult();
            await next(context, cancellationToken);
        }
        finally
        {
            permit.Dispose();
        }
    }

    private sealed record CallStart(RequestPermit Permit, TaskCompletionSource Begun);
}
