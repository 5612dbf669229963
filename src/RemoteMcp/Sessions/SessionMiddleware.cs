using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Configuration;
using RemoteMcp.Http;
using RemoteMcp.Limits;
using RemoteMcp.Protocol;

namespace RemoteMcp.Sessions;

/// <summary>
/// Processes requests of the revisions that have sessions, before the SDK does: it checks the session id, and relays messages that another
/// instance must handle (2025-11-25, Transports, "Session Management").
/// </summary>
/// <remarks>
/// A session survives its instance, because the server stores it in a row before the response to initialize. The SDK's object in memory is
/// only a cache of the row. When a request arrives at an instance that does not have the session in memory, <see cref="SessionLookup"/>
/// reads the row, the SDK creates a new object from it (see <see cref="SessionMigration"/>), and <see cref="Sessions.RestoreAsync"/>
/// applies the log level. Running calls do not survive: a client that resumes the call of an instance that is gone gets an error.
/// </remarks>
internal sealed class SessionMiddleware(
    SessionIds ids,
    SessionLookup lookup,
    SessionHolders holders,
    LiveSessions live,
    Sessions sessions,
    AnswerRouting routing,
    SessionStreams streams,
    RunningCalls running,
    DetachedCalls detached,
    StateFailures failures,
    TimeProvider time)
{
    public const string HeaderName = "Mcp-Session-Id";

    private const string GetSession = $"Send initialize first. Its response has the session id in the {HeaderName} header.";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (ProtocolRevisions.EraOf(request) == ProtocolEra.Stateless)
        {
            await failures.RunAsync(context, () => next(context), hold: false);
            return;
        }

        if (!(HttpMethods.IsPost(request.Method) || HttpMethods.IsGet(request.Method) || HttpMethods.IsDelete(request.Method)))
        {
            await next(context);
            return;
        }

        var header = request.Headers[HeaderName];
        var caller = Caller.From(context.User);
        if (StringValues.IsNullOrEmpty(header))
        {
            await BeginAsync(context, next, caller);
            return;
        }

        if (header.Count > 1 || await ids.VerifyAsync(header.ToString(), caller, context.RequestAborted) is not { } id)
        {
            await WriteNotFoundAsync(context);
            return;
        }

        if (context.Features.Get<JsonRpcEnvelope>() is { } message && await routing.TryRefuseAsync(context, id, message))
        {
            return;
        }

        // The SDK uses the internal session id. The client continues to see the signed id that it received.
        request.Headers[HeaderName] = id;
        context.Response.OnStarting(static state =>
        {
            var (response, signed) = ((HttpResponse, string))state;
            if (response.Headers.ContainsKey(HeaderName))
            {
                response.Headers[HeaderName] = signed;
            }

            return Task.CompletedTask;
        }, (context.Response, header.ToString()));

        var (exists, session) = await lookup.FindAsync(id, caller, context.User, context.RequestAborted);
        if (!exists)
        {
            await WriteNotFoundAsync(context);
            return;
        }

        await ServeAsync(context, next, id, session);
    }

    private async Task BeginAsync(HttpContext context, RequestDelegate next, Caller caller)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await ProtocolError.WriteAsync(context, StatusCodes.Status400BadRequest, ProtocolError.Refused,
                $"Bad Request: a {context.Request.Method} request needs the {HeaderName} header. {GetSession}");
            return;
        }

        if (context.Features.Get<JsonRpcEnvelope>() is { Method: not RequestMethods.Initialize })
        {
            // The message of the SDK is for the developer of a server, so the client gets this one.
            await ProtocolError.WriteAsync(context, StatusCodes.Status400BadRequest, ProtocolError.Refused,
                $"Bad Request: this message needs the {HeaderName} header. {GetSession} A client of {ProtocolRevisions.Stateless} needs no "
                    + $"session, and sends the {ProtocolRevisions.HeaderName} header instead.");
            return;
        }

        if (context.Features.Get<JsonRpcEnvelope>() is { Method: RequestMethods.Initialize } && !sessions.TryBegin(caller))
        {
            context.Response.Headers.RetryAfter = "60";
            RefusalReason.Set(context, LimitErrors.ReasonOf(nameof(SessionOptions.MaxNewPerMinute)));
            await ProtocolError.WriteAsync(context, StatusCodes.Status429TooManyRequests, ProtocolError.Refused,
                "Too Many Requests: this caller began too many sessions in the last minute. Try again in a minute. Operators set the "
                    + "limit in RemoteMcp:Sessions:MaxNewPerMinute.");
            return;
        }

        var sign = await ids.SignerAsync(caller, context.RequestAborted);
        context.Response.OnStarting(static state =>
        {
            var (response, sign) = ((HttpResponse, Func<string, string>))state;
            if (response.Headers[HeaderName] is [{ } id])
            {
                response.Headers[HeaderName] = sign(id);
            }

            return Task.CompletedTask;
        }, (context.Response, sign));
        try
        {
            await next(context);
        }
        catch (McpProtocolException exception) when (!context.Response.HasStarted)
        {
            await ProtocolError.WriteAsync(context, StatusCodes.Status400BadRequest, (int)exception.ErrorCode, exception.Message);
        }
    }

    private async Task ServeAsync(HttpContext context, RequestDelegate next, string id, SessionRecord? session)
    {
        var method = context.Request.Method;
        if (HttpMethods.IsGet(method))
        {
            await streams.ServeAsync(context, id);
        }
        else if (HttpMethods.IsDelete(method))
        {
            await sessions.EndAsync(id, context.User, context.RequestAborted);
        }
        else if (!HttpMethods.IsPost(method) || context.Features.Get<JsonRpcEnvelope>() is not { } envelope)
        {
            await next(context);
        }
        else if (context.Features.Get<BatchMember>() is not null && RevisionOf(id, session) is not (null or ProtocolRevisions.Batches))
        {
            await ProtocolError.WriteAsync(context, StatusCodes.Status400BadRequest, (int)McpErrorCode.InvalidRequest,
                $"Invalid Request: {JsonRpcBatch.NotSupported}.");
        }
        else if (envelope.Method == RequestMethods.Initialize)
        {
            // A second initialize would change the capabilities on which the session's other requests depend.
            await ProtocolError.WriteAsync(context, StatusCodes.Status400BadRequest, (int)McpErrorCode.InvalidRequest,
                $"Invalid Request: this session is already initialized. To open another session, send initialize without {HeaderName}.");
        }
        else if (!await routing.TryRelayAsync(context, id, envelope))
        {
            if (session is not null)
            {
                session = await holders.AddAsync(id, session, context.RequestAborted);
                if (session is null)
                {
                    await WriteNotFoundAsync(context);
                    return;
                }

                context.Features.Set(session);
                await sessions.RestoreAsync(id, session, context.User, context.RequestAborted);
            }

            if (SessionHandlers.Handles(envelope.Method))
            {
                await failures.RunAsync(context, () => RunAsync(context, next, id, envelope), hold: true);
            }
            else
            {
                await RunAsync(context, next, id, envelope);
            }

            sessions.Touch(id, context.User);
        }
    }

    private string? RevisionOf(string id, SessionRecord? record) =>
        record?.ReadInitialize().ProtocolVersion ?? (live.TryGet(id, out var session) ? session.Revision : null);

    private async Task RunAsync(HttpContext context, RequestDelegate next, string id, JsonRpcEnvelope envelope)
    {
        if (!envelope.IsRequest)
        {
            await next(context);
            if (envelope.Method == NotificationMethods.CancelledNotification)
            {
                running.OnCancelled(id, envelope.CancelledId);
            }

            return;
        }

        var call = running.Enter(id, envelope.Id, context.User);
        var invocation = context.Features.Get<HostInvocation>();
        context.Features.Set(call);
        var aborted = context.RequestAborted;
        using var ends = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var abandoned = call.AbandonedToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), ends);
        using var cancelled = aborted.UnsafeRegister(static state =>
        {
            var (call, ends) = ((RunningCall, CancellationTokenSource))state!;
            call.Dispatch.CancelRequest(ends);
        }, (call, ends));
        context.RequestAborted = ends.Token;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (call.AbandonedToken.IsCancellationRequested && !aborted.IsCancellationRequested)
        {
            // The SDK keeps the response of a cancelled call open and waits for an answer. The protocol forbids an answer, so the response
            // ends here.
        }
        finally
        {
            if (call.Dispatch.RefuseIfNotDispatched() is { } stream)
            {
                await stream.DisposeAsync();
            }

            call.Dispose();
            detached.KeepSession(call);
            // The context of an abandoned request belongs to the web server again.
            if (invocation?.Abandoned.IsCompleted != true)
            {
                context.RequestAborted = aborted;
            }
        }
    }

    /// <summary>Writes the response for a session that does not exist.</summary>
    public static Task WriteNotFoundAsync(HttpContext context) =>
        // "The server MUST respond to requests containing that session ID with HTTP 404 Not Found." The client then initializes again.
        ProtocolError.WriteAsync(
            context, StatusCodes.Status404NotFound, ProtocolError.SessionNotFound, "Session not found. Send initialize again.");
}

internal static class SessionApplicationBuilderExtensions
{
    public static IApplicationBuilder UseSessions(this IApplicationBuilder app)
    {
        var middleware = app.ApplicationServices.GetRequiredService<SessionMiddleware>();
        return app.UseWhen(
            static context => context.Request.Path.Equals(RemoteMcpOptions.McpPath, StringComparison.OrdinalIgnoreCase)
                || context.Request.Path == RemoteMcpOptions.McpPath + "/",
            branch => branch.Use(next => context => middleware.InvokeAsync(context, next)));
    }
}
