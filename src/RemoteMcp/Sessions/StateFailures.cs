using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Http;
using RemoteMcp.Storage;

namespace RemoteMcp.Sessions;

/// <summary>
/// Responds to requests whose handler needs the state storage while the storage does not respond. The SDK reports the exception of a
/// handler as "An error occurred." in a response with status 200. This class makes it the error that all other requests get: 503 with
/// <c>Retry-After</c> or, if the response has begun, a JSON-RPC error with the same message.
/// </summary>
internal sealed partial class StateFailures(IHttpContextAccessor requests, ILogger<StateFailures> logger)
{
    /// <summary>Converts the exceptions of handlers. The exceptions of tools do not leave the SDK's handler of tool calls.</summary>
    public McpMessageHandler Incoming(McpMessageHandler next) => async (context, cancellationToken) =>
    {
        try
        {
            await next(context, cancellationToken);
        }
        catch (StateUnavailableException exception)
        {
            throw Report(exception);
        }
    };

    /// <summary>Converts the exceptions of tools, and of the filters around them.</summary>
    public McpRequestHandler<CallToolRequestParams, CallToolResult> Tool(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next) => async (request, cancellationToken) =>
    {
        try
        {
            return await next(request, cancellationToken);
        }
        catch (StateUnavailableException exception)
        {
            throw Report(exception);
        }
    };

    /// <summary>Runs the request so that its response can become 503 as long as no data was sent.</summary>
    /// <param name="context">The request.</param>
    /// <param name="next">The delegate that runs the request.</param>
    /// <param name="hold">
    /// Whether to send no data before the handler has ended. The SDK begins the response to a request of a session before it runs the
    /// handler.
    /// </param>
    public async Task RunAsync(HttpContext context, Func<Task> next, bool hold)
    {
        var failure = new Failure();
        context.Features.Set(failure);
        var original = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var invocation = context.Features.Get<HostInvocation>();
        await using var stream = new ReplaceableResponse(original.Stream, context.Response, failure, hold);
        var replacement = new StreamResponseBodyFeature(stream, original);
        context.Features.Set<IHttpResponseBodyFeature>(replacement);
        try
        {
            await next();
        }
        finally
        {
            // The context of an abandoned request belongs to the web server again.
            if (invocation?.Abandoned.IsCompleted != true)
            {
                context.Features.Set(original);
            }
        }

        // Writes data that a handler left in the pipe of the feature.
        await replacement.Writer.FlushAsync(CancellationToken.None);
        if (failure.Exception is null)
        {
            await stream.ReleaseAsync(context.RequestAborted);
        }
        else if (context.Response.HasStarted)
        {
            LogStateUnavailable(logger, failure.Exception);
            await stream.ReleaseAsync(context.RequestAborted);
        }
        else
        {
            throw new StateUnavailableException(failure.Exception.Message, failure.Exception.RetryAfter, failure.Exception);
        }
    }

    private McpProtocolException Report(StateUnavailableException exception)
    {
        if (requests.HttpContext?.Features.Get<Failure>() is { } failure)
        {
            failure.Exception = exception;
        }
        else
        {
            LogStateUnavailable(logger, exception);
        }

        return new McpProtocolException(ErrorResponses.StateUnavailable, exception, McpErrorCode.InternalError);
    }

    // The alerts search for this text (docs/operate.md).
    [LoggerMessage(Level = LogLevel.Warning, Message = "The state storage does not answer.")]
    private static partial void LogStateUnavailable(ILogger logger, Exception exception);

    private sealed class Failure
    {
        public StateUnavailableException? Exception { get; set; }
    }

    /// <summary>Represents a response body that keeps or drops its data as long as the response has not begun.</summary>
    private sealed class ReplaceableResponse(Stream inner, HttpResponse response, Failure failure, bool hold) : WriteOnlyStream
    {
        private readonly MemoryStream _held = new();
        private bool _hold = hold;

        private bool IsReplaced => failure.Exception is not null && !response.HasStarted;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_hold)
            {
                _held.Write(buffer.Span);
            }
            else if (!IsReplaced)
            {
                await inner.WriteAsync(buffer, cancellationToken);
            }
        }

        public override Task FlushAsync(CancellationToken cancellationToken) =>
            _hold || IsReplaced ? Task.CompletedTask : inner.FlushAsync(cancellationToken);

        /// <summary>Writes the data that was kept.</summary>
        public async Task ReleaseAsync(CancellationToken cancellationToken)
        {
            if (_hold)
            {
                _hold = false;
                await inner.WriteAsync(_held.GetBuffer().AsMemory(0, (int)_held.Length), cancellationToken);
                await inner.FlushAsync(cancellationToken);
            }
        }
    }
}
