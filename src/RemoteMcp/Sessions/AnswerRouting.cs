using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ModelContextProtocol.Protocol;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Fleet;
using RemoteMcp.Http;
using RemoteMcp.Limits;
using RemoteMcp.Protocol;

namespace RemoteMcp.Sessions;

/// <summary>
/// Relays a client's answers and cancellations to the instance that waits for them. An answer is a response to a request of the server,
/// such as elicitation/create. Its id names the instance that sent the request. A cancellation goes only to the instance that is known to
/// run the call (<see cref="CallRegistry"/>).
/// </summary>
internal sealed class AnswerRouting(
    SessionIds ids,
    LiveSessions live,
    RunningCalls running,
    SessionDelivery delivery,
    CallRegistry calls,
    Inbox inbox,
    CallerLimits limits,
    LimitErrors errors,
    FleetMembership fleet) : IInboxHandler
{
    // The message is a JSON string in a row of at most 700 KiB, with the claims and the sealed token of the caller.
    private const int MaxRelayedBytes = 600 * 1024;

    /// <summary>
    /// Responds to an answer whose id the server did not issue for the session, before the answer costs a storage transaction.
    /// </summary>
    /// <returns>Whether the response was written; <see langword="false"/> for other messages.</returns>
    public async ValueTask<bool> TryRefuseAsync(HttpContext context, string session, JsonRpcEnvelope envelope)
    {
        if (!envelope.IsResponse)
        {
            return false;
        }

        var id = envelope.Id.Id as string;
        if (LiveSessions.InstanceOf(id) is null)
        {
            // No instance sent a request with such an id. The answer is accepted and dropped, because the SDK, whose ids count from 1,
            // could mistake it for the answer to one of its own requests.
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return true;
        }

        if (await ids.VerifyRequestAsync(id, session, context.RequestAborted))
        {
            return false;
        }

        await WriteResultAsync(context, Delivery.Refused);
        return true;
    }

    /// <summary>Relays a message that another instance waits for, and responds to its request.</summary>
    /// <returns>
    /// Whether the response was written; <see langword="false"/> when the message is for this instance and the SDK must process it.
    /// </returns>
    public async Task<bool> TryRelayAsync(HttpContext context, string session, JsonRpcEnvelope envelope)
    {
        if (envelope.IsResponse)
        {
            var instance = LiveSessions.InstanceOf(envelope.Id.Id as string)!;
            if (instance == fleet.Id && live.TryGet(session, out var local) && local.TryFromFleetId(envelope.Id, out _))
            {
                return false;
            }

            // An answer can wait for another instance for seconds.
            using var waiting = limits.BeginCall(Caller.From(context.User));
            if (!waiting.IsAcquired)
            {
                await errors.RefuseConcurrentAsync(context);
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
            if (await calls.CancelAsync(session, envelope.CancelledId, context.RequestAborted) is { } instance)
            {
                // Only the id is relayed, because the reason may be longer than a row.
                var message = ToInboxMessage(context, session, CallRegistry.MessageOf(envelope.CancelledId));
                var delivery = await inbox.SendAndKeepAsync(instance, message, context.RequestAborted);
                if (delivery is Delivery.Done or Delivery.Refused)
                {
                    await calls.ForgetCancellationAsync(
                        session, envelope.CancelledId, delivery == Delivery.Done, context.RequestAborted);
                }
            }

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
    /// Writes the HTTP response for a relayed message: 202 when it was handled, 400 when it was refused, and 503 when neither is known.
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
            case Delivery.TimedOut:
                return ProtocolError.WriteUnavailableAsync(context, TimeSpan.FromSeconds(1),
                    "The server instance that waits for this message did not accept it in time. Send the message again.");
            default:
                // An answer counts only once, so it can be sent again without a check.
                var isAnswer = context.Features.Get<JsonRpcEnvelope>() is { IsResponse: true };
                return ProtocolError.WriteUnavailableAsync(context, isAnswer ? TimeSpan.FromSeconds(1) : null,
                    "The server instance that waits for this message has not confirmed it. It is not known whether it has handled the "
                        + "message. Send the answer to a question again: it counts only once. Check the effect of any other message "
                        + "before you send it again.");
        }
    }

    /// <summary>Returns an inbox message with the body, the protocol version, and the caller of a request.</summary>
    /// <exception cref="RefusedBodyException">The body is too large for an inbox.</exception>
    public static InboxMessage ToInboxMessage(HttpContext context, string session) =>
        ToInboxMessage(context, session, context.Features.GetRequiredFeature<BufferedBody>().Bytes.Span);

    private static InboxMessage ToInboxMessage(HttpContext context, string session, ReadOnlySpan<byte> body)
    {
        if (body.Length > MaxRelayedBytes || JsonEncodedText.Encode(body).EncodedUtf8Bytes.Length > MaxRelayedBytes)
        {
            throw new RefusedBodyException(
                $"Payload Too Large: another server instance must process this message. Such a message may have {MaxRelayedBytes} bytes at "
                    + "most, after JSON has escaped its quotes and non-ASCII characters.",
                StatusCodes.Status413PayloadTooLarge);
        }

        return new InboxMessage(
            InboxKind.Deliver,
            session,
            context.Request.Headers[ProtocolRevisions.HeaderName] is [{ } version] ? version : null,
            Encoding.UTF8.GetString(body),
            CallerClaims.Pack(context.User));
    }
}
