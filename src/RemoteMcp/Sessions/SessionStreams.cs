using Microsoft.AspNetCore.Http;
using RemoteMcp.Http;
using RemoteMcp.Protocol;
using RemoteMcp.Sessions.Streams;

namespace RemoteMcp.Sessions;

/// <summary>
/// Serves GET requests of sessions. A request opens a new GET stream, resumes the GET stream, or resumes the response stream of a call.
/// </summary>
internal sealed class SessionStreams(
    SessionIds ids,
    GetStreams getStreams,
    StreamMessages streamMessages,
    StreamResumption resumption,
    SessionStore store,
    SessionHolders holders)
{
    private const string LastEventIdHeader = "Last-Event-ID";

    /// <summary>Serves a GET request until its stream ends. The id in Last-Event-ID selects the stream to resume.</summary>
    public async Task ServeAsync(HttpContext context, string session)
    {
        if (!context.Request.GetTypedHeaders().Accept.Any(static accept => accept.MatchesMediaType("text/event-stream")))
        {
            await ProtocolError.WriteAsync(
                context,
                StatusCodes.Status406NotAcceptable,
                ProtocolError.Refused,
                "Not Acceptable: the Accept header of a GET request must include text/event-stream.");
            return;
        }

        EventId? after = null;
        if (context.Request.Headers[LastEventIdHeader] is { Count: > 0 } lastEventId)
        {
            if (!EventId.TryParse(lastEventId.ToString(), out var parsed)
                || (parsed.Stream != EventId.Get && !await ids.VerifyStreamAsync(parsed, session, context.RequestAborted)))
            {
                await ProtocolError.WriteAsync(
                    context,
                    StatusCodes.Status400BadRequest,
                    ProtocolError.Refused,
                    $"Bad Request: {LastEventIdHeader} is not the id of an event of this server. Omit it to open a new stream.");
                return;
            }

            after = parsed;
        }

        var aborted = context.RequestAborted;
        context.Response.Headers[SessionMiddleware.HeaderName] = session;
        if (after is { Stream: not EventId.Get } inResponseStream)
        {
            await context.Response.WriteEventStreamAsync(resumption.ResumeAsync(session, inResponseStream, aborted), aborted);
            return;
        }

        var stream = await getStreams.OpenAsync(session, context.User, aborted);
        try
        {
            // The row is read after the stream is registered, because a registered stream is notified when the subscriptions change.
            if (await store.FindAsync(session, aborted) is not { } read
                || await holders.AddAsync(session, read, aborted) is not { } record)
            {
                await SessionMiddleware.WriteNotFoundAsync(context);
                return;
            }

            stream.SetInitialSubscriptions(record.Subscriptions ?? []);
            var prime = string.CompareOrdinal(record.ReadInitialize().ProtocolVersion, ProtocolRevisions.PrimingEvents) >= 0;
            await context.Response.WriteEventStreamAsync(getStreams.ReadAsync(stream, after, prime, aborted), aborted);
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            // The server is stopping. The stream ends, and the client opens it again on another instance.
        }
        finally
        {
            if (await getStreams.CloseAsync(stream))
            {
                await streamMessages.NotifyNewOwnerAsync(stream);
            }
        }
    }
}
