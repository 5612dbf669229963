using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ModelContextProtocol.Protocol;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Fleet;
using RemoteMcp.Http;
using RemoteMcp.Protocol;

namespace RemoteMcp.Sessions;

/// <summary>
/// Relays a client's answers and cancellations to the instance that waits for them. An answer is a response to a request of the server,
/// such as elicitation/create. Its id names the instance that sent the request. A cancellation goes to all live instances, and the one that
/// runs the call handles it.
/// </summary>
internal sealed class AnswerRouting(LiveSessions live, RunningCalls running, SessionDelivery delivery, Inbox inbox, FleetMembership fleet)
    : IInboxHandler
{
    /// <summary>Relays a message that another instance waits for, and responds to its request.</summary>
    /// <returns>
    /// Whether the response was written; <see langword="false"/> when the message is for this instance and the SDK must process it.
    /// </returns>
    public async Task<bool> TryRelayAsync(HttpContext context, string session, JsonRpcEnvelope envelope)
    {
        if (envelope.IsResponse)
        {
            var instance = LiveSessions.InstanceOf(envelope.Id.Id as string);
            if (instance == fleet.Id && live.TryGet(session, out var local) && local.TryFromFleetId(envelope.Id, out _))
            {
                return false;
            }

            if (instance is null)
            {
                // No instance sent a request with such an id. The answer is accepted and dropped, because the SDK, whose ids count from 1,
                // could mistake it for the answer to one of its own requests.
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                return true;
            }

            var delivered = instance == fleet.Id
                ? Delivery.Refused
                : await inbox.SendUnrepeatableAsync(instance, ToInboxMessage(context, session), context.RequestAborted);
            await WriteResultAsync(context, delivered);
            return true;
        }

        if (envelope.Method == NotificationMethods.CancelledNotification && !running.Contains(session, envelope.CancelledId))
        {
            await inbox.BroadcastAsync(ToInboxMessage(context, session), context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return true;
        }

        return false;
    }

    public async ValueTask<bool> TryHandleAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        if (message.Kind != InboxKind.Deliver || !live.TryGet(message.Session, out var session))
        {
            return false;
        }

        var envelope = JsonRpcEnvelope.Read(Encoding.UTF8.GetBytes(message.Payload!), ProtocolEra.Sessions);
        var isAwaited = envelope.IsResponse
            ? session.TryFromFleetId(envelope.Id, out _)
            : running.Contains(session.Id, envelope.CancelledId);
        if (!isAwaited
            || !await delivery.PostAsync(
                session.Id, message.Payload!, message.Subject, CallerClaims.Unpack(message.Claims), cancellationToken))
        {
            return false;
        }

        running.OnCancelled(session.Id, envelope.CancelledId);
        return true;
    }

    /// <summary>
    /// Writes the HTTP response for a relayed message: 202 when it was handled, 400 when it was refused, and 503 after a timeout.
    /// </summary>
    public static Task WriteResultAsync(HttpContext context, Delivery delivery)
    {
        switch (delivery)
        {
            case Delivery.Done:
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                return Task.CompletedTask;
            case Delivery.Refused:
                return ProtocolError.WriteAsync(context, StatusCodes.Status400BadRequest, ProtocolError.Refused,
                    "Bad Request: no call waits for this answer. The call has ended, or its server instance is gone.");
            default:
                return ProtocolError.WriteUnavailableAsync(context, TimeSpan.FromSeconds(1),
                    "The server instance that waits for this message did not accept it in time. Send the message again.");
        }
    }

    /// <summary>Returns an inbox message with the body, the protocol version, and the caller of a request.</summary>
    public static InboxMessage ToInboxMessage(HttpContext context, string session)
    {
        return new InboxMessage(
            InboxKind.Deliver,
            session,
            context.Request.Headers[ProtocolRevisions.HeaderName] is [{ } version] ? version : null,
            Encoding.UTF8.GetString(context.Features.GetRequiredFeature<BufferedBody>().Bytes.Span),
            CallerClaims.Pack(context.User));
    }
}
