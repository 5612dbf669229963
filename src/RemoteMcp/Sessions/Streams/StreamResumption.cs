using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RemoteMcp.Fleet;
using RemoteMcp.Protocol;

namespace RemoteMcp.Sessions.Streams;

/// <summary>
/// Resumes the response stream of a call for a client that lost it, on whichever instance receives the request. The client gets the events
/// that it missed, then the new events, and then the end of the stream. When the instance that ran the call is gone, the end is an error.
/// </summary>
/// <remarks>
/// The owner is the instance that runs the call. The event id names it. On the owner, the newest events come from memory, and older ones
/// from their rows. On another instance, this class sends a message to the owner, so that the owner writes each event to its row
/// immediately. It then polls the rows of the stream. It repeats the message to learn whether the owner still has the stream. After two
/// consecutive refusals, at least one second apart, it raises the fence of the call (<see cref="CallFence"/>). If the owner has not
/// returned meanwhile, it ends the stream with an error.
/// </remarks>
internal sealed class StreamResumption(
    ResponseStreams streams,
    EventRows rows,
    CallFence fence,
    Inbox inbox,
    IOptions<FleetOptions> options,
    TimeProvider time)
{
    // One refusal does not prove that the call is gone: an owner whose storage was down has no lease, and takes a new one within this time.
    private static readonly TimeSpan s_pauseAfterRefusal = TimeSpan.FromSeconds(1);

    private const string Gone = "The server instance that ran this call does not respond, so the result of the call is unknown. "
        + UnknownOutcome.OfCall;

    /// <summary>Returns the events after the given one, from memory on the owner, and from the rows on every other instance.</summary>
    public IAsyncEnumerable<StreamEvent> ResumeAsync(string session, EventId after, CancellationToken cancellationToken) =>
        streams.Find(session, after.Stream) is { } local
            ? ReadHereAsync(local, after, cancellationToken)
            : ReadElsewhereAsync(session, after, cancellationToken);

    private async IAsyncEnumerable<StreamEvent> ReadHereAsync(
        ResponseStream local, EventId after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var (events, changed) = local.ReadAfter(after);
            if (events.Length > 0 && events[0].Id.Sequence > after.Sequence + 1)
            {
                // The oldest events are no longer in memory.
                await foreach (var each in rows.ReadAfterAsync(local.Session, after, cancellationToken))
                {
                    if (each.Id.Sequence < events[0].Id.Sequence && each.Kind != StreamEventKind.Polling)
                    {
                        yield return each;
                    }
                }
            }

            foreach (var each in events)
            {
                after = each.Id;
                if (each.Kind != StreamEventKind.Polling && IsSent(each))
                {
                    yield return each;
                }
            }

            if (events.Length > 0
                && (events[^1].Kind == StreamEventKind.Final || events.Any(static each => each.Kind == StreamEventKind.Polling)))
            {
                yield break;
            }

            if (changed is null)
            {
                // The client asks for events after one that was never sent, or has already received the last event.
                yield break;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private async IAsyncEnumerable<StreamEvent> ReadElsewhereAsync(
        string session, EventId after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lastAsked = time.GetTimestamp();
        var askAfter = TimeSpan.Zero;
        var refusals = 0;
        var pause = options.Value.PollMin;
        while (true)
        {
            var connectionClosed = false;
            await foreach (var each in rows.ReadAfterAsync(session, after, cancellationToken))
            {
                after = each.Id;
                pause = options.Value.PollMin;
                connectionClosed |= each.Kind == StreamEventKind.Polling;
                if (each.Kind != StreamEventKind.Polling && IsSent(each))
                {
                    yield return each;
                }

                if (each.Kind == StreamEventKind.Final)
                {
                    yield break;
                }
            }

            if (connectionClosed)
            {
                yield break;
            }

            if (refusals == 2)
            {
                yield return Error(after.Request);
                yield break;
            }

            // The message is repeated, because the owner may die, or may fail to write the last event and then remove the stream.
            if (time.GetElapsedTime(lastAsked) >= askAfter)
            {
                // After a refusal the rows are read once more: the owner may have written the last event just before it removed the stream.
                var delivery = await AskAsync(session, after, cancellationToken);
                if (delivery == Delivery.Refused && refusals == 1)
                {
                    delivery = await AskWithFenceAsync(session, after, cancellationToken);
                }

                (refusals, askAfter) = delivery switch
                {
                    Delivery.Refused => (refusals + 1, s_pauseAfterRefusal),
                    Delivery.Done => (0, options.Value.Lease / 3),
                    _ => (0, options.Value.PollMax),
                };
                lastAsked = time.GetTimestamp();
                continue;
            }

            await Task.Delay(pause, time, cancellationToken);
            pause = options.Value.NextPause(pause);
        }
    }

    private Task<Delivery> AskAsync(string session, EventId stream, CancellationToken cancellationToken) =>
        inbox.SendAsync(stream.Owner, new InboxMessage(InboxKind.StreamResumed, session, stream.Stream), cancellationToken);

    // The owner may return at this moment. It then either sees the fence, and the call does not act, or has its lease, and is not refused.
    private async Task<Delivery> AskWithFenceAsync(string session, EventId stream, CancellationToken cancellationToken)
    {
        await fence.RaiseAsync(session, stream.Stream, cancellationToken);
        var delivery = await AskAsync(session, stream, cancellationToken);
        if (delivery != Delivery.Refused)
        {
            await fence.LowerAsync(session, stream.Stream, cancellationToken);
        }

        return delivery;
    }

    // The last event of a stream that ended without an answer has no data, and is not sent.
    private static bool IsSent(StreamEvent each) => each.Kind != StreamEventKind.Final || each.Data.Length > 0;

    private static StreamEvent Error(RequestId request) => new(default, StreamEvent.Serialize(new JsonRpcError
    {
        Id = request,
        Error = new() { Code = (int)McpErrorCode.InternalError, Message = Gone },
    }), null, StreamEventKind.Final);
}
