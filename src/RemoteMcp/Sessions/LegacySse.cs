using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Auth.OnBehalfOf;
using RemoteMcp.Configuration;
using RemoteMcp.Fleet;
using RemoteMcp.Http;
using RemoteMcp.Limits;
using RemoteMcp.Observability;
using RemoteMcp.Sessions.Streams;

namespace RemoteMcp.Sessions;

/// <summary>
/// Serves the HTTP+SSE transport (2024-11-05, Transports, "HTTP with SSE"). A session is one open stream, and lives on the instance that
/// accepted it. The endpoints of the SDK find only the sessions of their own process. The endpoints of this class replace them: the session
/// id in the URL of the message endpoint begins with the instance ID, so that any instance can relay a message to the right one.
/// </summary>
internal sealed class LegacySse(
    SessionIds ids,
    FleetMembership fleet,
    PollingDemand demand,
    Inbox inbox,
    CallerTokens tokens,
    CallerLimits limits,
    RequestMemory memory,
    LimitErrors errors,
    AuditLog audit,
    Shutdown shutdown,
    TimeProvider time,
    IOptions<McpServerOptions> serverOptions,
    ILoggerFactory loggers) : IInboxHandler
{
    private const string SessionParameter = "sessionId";
    private static readonly TimeSpan s_beginTimeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, SseResponseStreamTransport> _sessions = new(StringComparer.Ordinal);

    /// <summary>Serves a stream until its client leaves or the server stops. The session lasts as long as the stream.</summary>
    public async Task StreamAsync(HttpContext context)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, shutdown.Stopping);
        var caller = Caller.From(context.User);
        var id = fleet.Id + RandomNumberGenerator.GetHexString(24, lowercase: true);
        var signed = (await ids.SignerAsync(caller, ends.Token))(id);
        using var hold = demand.Acquire(urgent: true);
        await fleet.EnsureLeaseAsync(ends.Token);

        context.Response.BeginEventStream();
        var messages = $"{context.Request.PathBase}{RemoteMcpOptions.McpPath}/message?{SessionParameter}={signed}";
        await using var transport = new SseResponseStreamTransport(context.Response.Body, messages, id);
        await using var server = McpServer.Create(transport, serverOptions.Value, loggers, context.RequestServices);
        // The session is registered before the first event tells the client the message endpoint.
        _sessions[id] = transport;
        var running = transport.RunAsync(ends.Token);
        try
        {
            await server.RunAsync(ends.Token);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The client left, or the server stops. Both are normal ends of the stream.
        }
        finally
        {
            _sessions.TryRemove(id, out _);
            await transport.DisposeAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Accepts a message for a session, and relays it when the session's stream is on another instance.</summary>
    public async Task MessageAsync(HttpContext context)
    {
        var parameter = context.Request.Query[SessionParameter];
        if (parameter.Count == 0 || parameter[0] is not { Length: > 0 })
        {
            await ProtocolError.WriteAsync(context, StatusCodes.Status400BadRequest, ProtocolError.Refused,
                $"Bad Request: the query parameter {SessionParameter} is missing. Post to the URL in the stream's endpoint event.");
            return;
        }

        if (parameter.Count != 1
            || await ids.VerifyAsync(parameter.ToString(), Caller.From(context.User), context.RequestAborted)
                is not { Length: > FleetMembership.IdLength } id)
        {
            await SessionMiddleware.WriteNotFoundAsync(context);
            return;
        }

        if (!_sessions.ContainsKey(id))
        {
            var instance = id[..FleetMembership.IdLength];
            var delivery = instance == fleet.Id ? Delivery.Refused : await RelayAsync(context, instance, id);
            await (delivery == Delivery.Refused
                ? SessionMiddleware.WriteNotFoundAsync(context)
                : AnswerRouting.WriteResultAsync(context, delivery));
            return;
        }

        if (Read(context.Features.GetRequiredFeature<BufferedBody>().Bytes) is { } message)
        {
            await ReceiveAsync(
                id, message, context.User, context.Features.GetRequiredFeature<RequestPermit>(), context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        await ProtocolError.WriteAsync(
            context,
            StatusCodes.Status400BadRequest,
            (int)McpErrorCode.InvalidRequest,
            "Invalid Request: the body is not a JSON-RPC message.");
    }

    public async ValueTask<bool> TryHandleAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        if (message.Kind != InboxKind.Deliver || !_sessions.ContainsKey(message.Session))
        {
            return false;
        }

        var user = await tokens.AttachAsync(CallerClaims.Unpack(message.Claims), message.SealedToken, message.Session, cancellationToken);
        if (Read(Encoding.UTF8.GetBytes(message.Payload!)) is not { } received)
        {
            return false;
        }

        using var permit = new RequestPermit();
        if (received is JsonRpcRequest request)
        {
            var caller = Caller.From(user);
            var call = limits.BeginCall(caller);
            permit.Add(call);
            if (!call.IsAcquired)
            {
                audit.Refused(request, caller, LimitErrors.ReasonOf(nameof(LimitOptions.ConcurrentRequests)));
                return await RefuseAsync(message.Session, request, errors.TooManyCalls, cancellationToken);
            }

            // The call can keep the message in memory while it waits.
            var bytes = Encoding.UTF8.GetByteCount(message.Payload!);
            if (memory.TryTake(caller, bytes, bytes, permit) is { } setting)
            {
                if (setting == nameof(LimitOptions.RequestBytesPerCaller))
                {
                    audit.Refused(request, caller, LimitErrors.ReasonOf(setting));
                }

                return await RefuseAsync(message.Session, request, LimitErrors.NoMemory(setting), cancellationToken);
            }
        }

        await ReceiveAsync(message.Session, received, user, permit, cancellationToken);
        return true;
    }

    private async Task<Delivery> RelayAsync(HttpContext context, string instance, string id)
    {
        var message = AnswerRouting.ToInboxMessage(context, id) with
        {
            SealedToken = await tokens.SealAsync(context.User, id, context.RequestAborted),
        };
        return await inbox.SendUnrepeatableAsync(instance, message, context.RequestAborted);
    }

    private async Task ReceiveAsync(
        string id, JsonRpcMessage message, ClaimsPrincipal user, RequestPermit permit, CancellationToken cancellationToken)
    {
        if (user.Identity?.IsAuthenticated == true)
        {
            message.Context = new JsonRpcMessageContext { User = user };
        }

        var begun = message is JsonRpcRequest ? CallPermits.Attach(message, permit) : Task.CompletedTask;
        if (_sessions.TryGetValue(id, out var transport))
        {
            await transport.OnMessageReceivedAsync(message, cancellationToken);
            // The call keeps the permit from the moment at which it begins. It never begins if the session ends now.
            await begun.WaitAsync(s_beginTimeout, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // The response to a request of HTTP+SSE is an event of the session's stream.
    private async Task<bool> RefuseAsync(string id, JsonRpcRequest request, string reason, CancellationToken cancellationToken)
    {
        if (_sessions.TryGetValue(id, out var transport))
        {
            await transport.SendMessageAsync(
                new JsonRpcError { Id = request.Id, Error = new() { Code = ProtocolError.Refused, Message = reason } },
                cancellationToken);
        }

        return true;
    }

    private static JsonRpcMessage? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, StreamEvent.MessageTypeInfo);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

internal static class LegacySseEndpoints
{
    public static IEndpointRouteBuilder MapLegacySse(this IEndpointRouteBuilder endpoints)
    {
        var legacy = endpoints.ServiceProvider.GetRequiredService<LegacySse>();
        endpoints.MapGet(RemoteMcpOptions.McpPath + "/sse", legacy.StreamAsync);
        endpoints.MapPost(RemoteMcpOptions.McpPath + "/message", legacy.MessageAsync);
        return endpoints;
    }
}
