using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RemoteMcp.Fleet;

namespace RemoteMcp.Sessions.Streams;

/// <summary>
/// Goes on with the response stream of a call for a client that lost it, on whichever instance the client asks: what it missed, then
/// what comes, then the end. When the instance that ran the call is gone, the end is an error.
/// </summary>
internal sealed class StreamResumption(
    ResponseStreams streams,
    EventRows rows,
    Inbox inbox,
    IOptions<FleetOptions> options,
    TimeProvider time)
{
    // An instance that the storage was down for takes its lease again within this: one refusal is no proof.
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(1);

    private const string Gone = "The server instance that ran this call is gone; call again.";

    public IAsyncEnumerable<StreamEvent> ResumeAsync(string session, EventId after, CancellationToken cancellationToken) =>
        streams.Find(session, after.Stream) is { } local ? ReadHereAsync(local, after, cancellationToken) : ReadElsewhereAsync(session, after, cancellationToken);

    private async IAsyncEnumerable<StreamEvent> ReadHereAsync(ResponseStream local, EventId after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var (events, changed) = local.ReadAfter(after);
            if (events.Length > 0 && events[0].Id.Sequence > after.Sequence + 1)
            {
                // The oldest are no longer in memory.
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

            if (events.Length > 0 && (events[^1].Kind == StreamEventKind.Final || events.Any(static each => each.Kind == StreamEventKind.Polling)))
            {
                yield break;
            }

            if (changed is null)
            {
                // The client says that it has what was never sent, or has had the end already.
                yield break;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private async IAsyncEnumerable<StreamEvent> ReadElsewhereAsync(string session, EventId after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lastAsked = time.GetTimestamp();
        var askAfter = TimeSpan.Zero;
        var refusals = 0;
        var pause = options.Value.PollMin;
        while (true)
        {
            var polling = false;
            await foreach (var each in rows.ReadAfterAsync(session, after, cancellationToken))
            {
                after = each.Id;
                pause = options.Value.PollMin;
                polling |= each.Kind == StreamEventKind.Polling;
                if (each.Kind != StreamEventKind.Polling && IsSent(each))
                {
                    yield return each;
                }

                if (each.Kind == StreamEventKind.Final)
                {
                    yield break;
                }
            }

            if (polling)
            {
                yield break;
            }

            if (refusals == 2)
            {
                yield return Error(after.Request);
                yield break;
            }

            // Asked again and again: the owner may die, or forget the stream without having been able to write its end.
            if (time.GetElapsedTime(lastAsked) >= askAfter)
            {
                // After a refusal one more look: the owner may have written the end just before it forgot the stream.
                var delivery = await inbox.SendAsync(after.Owner, new InboxMessage(InboxKind.StreamResumed, session, after.Stream), cancellationToken);
                (refusals, askAfter) = delivery switch
                {
                    Delivery.Refused => (refusals + 1, BackWithin),
                    Delivery.TimedOut => (0, TimeSpan.Zero),
                    _ => (0, options.Value.Lease / 3),
                };
                lastAsked = time.GetTimestamp();
                continue;
            }

            await Task.Delay(pause, time, cancellationToken);
            pause = inbox.Longer(pause);
        }
    }

    // A stream that ended without an answer has an end without data.
    private static bool IsSent(StreamEvent each) => each.Kind != StreamEventKind.Final || each.Data.Length > 0;

    private static StreamEvent Error(RequestId request) => new(default, StreamEvent.Serialize(new JsonRpcError
    {
        Id = request,
        Error = new() { Code = (int)McpErrorCode.InternalError, Message = Gone },
    }), null, StreamEventKind.Final);
}
