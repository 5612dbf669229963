using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RemoteMcp.Configuration;
using RemoteMcp.Protocol;
using RemoteMcp.Storage;

namespace RemoteMcp.Http;

/// <summary>Responds to every failure with a JSON-RPC error. The details go to the log and never to the client.</summary>
internal static partial class ErrorResponses
{
    /// <summary>The message for requests that need the state storage while it does not respond.</summary>
    public const string StateUnavailable = "The server's state storage does not answer; try again later.";

    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_endOfStreamTimeout = TimeSpan.FromSeconds(1);

    public static IApplicationBuilder UseErrorResponses(this IApplicationBuilder app)
    {
        var time = app.ApplicationServices.GetRequiredService<TimeProvider>();
        var logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ErrorResponses));
        return app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (RequestEndedException exception)
            {
                await RespondAsync(
                    context,
                    time,
                    () => ProtocolError.WriteUnavailableAsync(context, exception.RetryAfter, exception.Message),
                    exception.Message);
                return;
            }
            catch (Exception) when (context.RequestAborted.IsCancellationRequested)
            {
                // The client has disconnected, so nobody receives a response.
                if (!context.Response.HasStarted)
                {
                    context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
                }

                return;
            }
            catch (StateUnavailableException exception)
            {
                LogStateUnavailable(logger, exception);
                await RespondAsync(
                    context,
                    time,
                    () => ProtocolError.WriteUnavailableAsync(context, exception.RetryAfter, StateUnavailable),
                    StateUnavailable);
                return;
            }
            catch (BadHttpRequestException exception)
            {
                await RespondAsync(
                    context,
                    time,
                    () => WriteBadRequestAsync(context, exception),
                    streamMessage: null);
                return;
            }
            catch (Exception exception)
            {
                const string message = "Internal error. The server's log has the details under this request's trace id.";
                LogUnhandled(logger, context.Request.Method, context.Request.Path, exception);
                await RespondAsync(
                    context,
                    time,
                    () => ProtocolError.WriteAsync(
                        context, StatusCodes.Status500InternalServerError, (int)McpErrorCode.InternalError, message),
                    message);
                return;
            }

            await DescribeEmptyRefusalAsync(context);
        });
    }

    private static async Task RespondAsync(HttpContext context, TimeProvider time, Func<Task> writeResponse, string? streamMessage)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await writeResponse();
        }
        else if (streamMessage is not null && IsEventStream(context.Response))
        {
            // Each unanswered request gets an error event. A stream without one, such as a GET stream, just ends, and the client opens
            // another stream.
            await EndStreamAsync(context, time, UnansweredIds(context), streamMessage);
        }
        else
        {
            context.Abort();
        }
    }

    private static Task WriteBadRequestAsync(HttpContext context, BadHttpRequestException exception)
    {
        // The client may still be sending the body.
        ProtocolError.CloseConnection(context);
        return exception.StatusCode == StatusCodes.Status503ServiceUnavailable
            ? ProtocolError.WriteUnavailableAsync(context, s_retryAfter, exception.Message)
            : ProtocolError.WriteAsync(
                context,
                exception.StatusCode,
                ProtocolError.Refused,
                exception is RefusedBodyException
                    ? exception.Message
                    : $"{ReasonPhrases.GetReasonPhrase(exception.StatusCode)}: the request could not be read.");
    }

    private static IReadOnlyCollection<RequestId> UnansweredIds(HttpContext context) =>
        context.Features.Get<IUnansweredRequests>() is { } batch ? [.. batch.Unanswered]
        : context.Features.Get<JsonRpcEnvelope>() is { IsRequest: true, Id: var id } ? [id]
        : [];

    private static async Task EndStreamAsync(HttpContext context, TimeProvider time, IReadOnlyCollection<RequestId> ids, string message)
    {
        using var timeout = new CancellationTokenSource(s_endOfStreamTimeout, time);
        try
        {
            foreach (var id in ids)
            {
                await ProtocolError.WriteEventAsync(context, id, (int)McpErrorCode.InternalError, message, timeout.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The client does not read the stream, so the writes did not complete in time.
            context.Abort();
        }
    }

    // Routing refuses a request with a status code and an empty body. This method adds the reason, for developers of clients.
    private static Task DescribeEmptyRefusalAsync(HttpContext context)
    {
        var response = context.Response;
        if (response.StatusCode < 400 || response.HasStarted || response.ContentLength is not null || response.ContentType is not null)
        {
            return Task.CompletedTask;
        }

        return ProtocolError.WriteAsync(context, response.StatusCode, ProtocolError.Refused, response.StatusCode switch
        {
            StatusCodes.Status404NotFound => $"Not Found: the MCP endpoint of this server is {RemoteMcpOptions.McpPath}.",
            StatusCodes.Status405MethodNotAllowed => $"Method Not Allowed: this path accepts {response.Headers.Allow}.",
            _ => $"The request was refused with status {response.StatusCode}.",
        });
    }

    private static bool IsEventStream(HttpResponse response) =>
        response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true;

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    private static partial void LogUnhandled(ILogger logger, string method, PathString path, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The state storage does not answer.")]
    private static partial void LogStateUnavailable(ILogger logger, Exception exception);
}
