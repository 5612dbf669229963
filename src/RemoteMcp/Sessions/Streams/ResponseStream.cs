using System.Net.ServerSentEvents;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.Sessions.Streams;

/// <summary>
/// Represents the response stream of one call on the instance that runs the call. The client gets each event immediately. The stream keeps
/// the events in memory and writes them to the storage together, when the call has ended. It writes earlier in three cases: the call takes
/// longer than the flush interval, a client resumes the stream on another instance, or the server closes the connection (SEP-1699).
/// </summary>
#pragma warning disable MCP9006 // Resumability is for clients of 2025-11-25; those clients are what it exists for.
internal sealed class ResponseStream(
    string session,
    string key,
    string owner,
    RequestId request,
    RunningCall? call,
    EventRows rows,
    ResponseStreams streams,
    TimeProvider time)
    : ISseEventStreamWriter
#pragma warning restore MCP9006
{
    private const int MaxWrittenInMemory = 64;

    private readonly Lock _lock = new();
    private readonly List<StreamEvent> _events = [];
    private readonly SemaphoreSlim _writing = new(1, 1);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _flush;
    private int _written;
    private long _sequence;
    private volatile bool _writeThrough;
    private bool _ended;
    private int _disposed;

    public string Session { get; } = session;

    public string Key { get; } = key;

    public async ValueTask<SseItem<JsonRpcMessage?>> WriteEventAsync(
        SseItem<JsonRpcMessage?> sseItem, CancellationToken cancellationToken = default)
    {
        if (sseItem.EventId is not null)
        {
            return sseItem;
        }

        var final = sseItem.Data is JsonRpcResponse or JsonRpcError && ((JsonRpcMessageWithId)sseItem.Data).Id == request;
        var added = Add(
            StreamEvent.Serialize(sseItem.Data), sseItem.ReconnectionInterval, final ? StreamEventKind.Final : StreamEventKind.Open);
        if (_writeThrough)
        {
            await streams.FlushAsync(this, cancellationToken);
        }

        return new SseItem<JsonRpcMessage?>(sseItem.Data, sseItem.EventType)
        {
            EventId = added.Id.ToString(),
            ReconnectionInterval = sseItem.ReconnectionInterval,
        };
    }

#pragma warning disable MCP9006 // As above.
    public async ValueTask SetModeAsync(SseEventStreamMode mode, CancellationToken cancellationToken = default)
    {
        if (mode == SseEventStreamMode.Polling)
        {
            Add(default, null, StreamEventKind.Polling);
            _writeThrough = true;
            await FlushAsync(cancellationToken);
        }
    }
#pragma warning restore MCP9006

    /// <summary>
    /// Ends the stream after the call has ended. The remaining events are written in the background, and the stream is then removed from
    /// memory.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        // The SDK also ends the stream of a refused call, when the session ends.
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        bool hasNoAnswer;
        lock (_lock)
        {
            hasNoAnswer = _events.Count == 0 || _events[^1].Kind != StreamEventKind.Final;
        }

        if (hasNoAnswer)
        {
            // A client that resumes the stream must not wait for an answer that will not come.
            Add(streams.FinalData(request, call is not { Dispatch.IsRefused: true, IsCancelled: false }), null, StreamEventKind.Final);
        }

        TaskCompletionSource changed;
        lock (_lock)
        {
            _ended = true;
            _flush?.Dispose();
            changed = _changed;
        }

        changed.TrySetResult();
        streams.FlushAndRemove(this);
        call?.Dispose();
    }

    /// <summary>Writes every event at once from now on, because another instance reads the rows.</summary>
    public void WriteThrough()
    {
        _writeThrough = true;
        streams.FlushInBackground(this);
    }

    /// <summary>Writes the events that are not written yet.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            StreamEvent[] pending;
            lock (_lock)
            {
                pending = [.. _events.Skip(_written)];
            }

            if (pending.Length > 0)
            {
                await rows.WriteAsync(Session, pending, cancellationToken);
                lock (_lock)
                {
                    // Written events can be read from their rows. Only the newest stay in memory, because a call may report progress for
                    // hours.
                    _written += pending.Length;
                    var excess = Math.Max(0, _written - MaxWrittenInMemory);
                    _events.RemoveRange(0, excess);
                    _written -= excess;
                }
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Returns the events after the given one, for a client that resumes the stream on this instance.</summary>
    /// <returns>The events, and a task that completes when there are more; <see langword="null"/> when no more events follow.</returns>
    public (StreamEvent[] Events, Task? Changed) ReadAfter(EventId after)
    {
        lock (_lock)
        {
            return ([.. _events.Where(each => each.Id.Sequence > after.Sequence)], _ended ? null : _changed.Task);
        }
    }

    private StreamEvent Add(ReadOnlyMemory<byte> data, TimeSpan? retry, StreamEventKind kind)
    {
        StreamEvent added;
        TaskCompletionSource changed;
        lock (_lock)
        {
            added = new StreamEvent(new EventId(Key, 0, ++_sequence, owner, request), data, retry, kind);
            _events.Add(added);
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
            // The first event starts the timer. A call that ends within the flush interval causes only one write.
            _flush ??= _ended
                ? null
                : time.CreateTimer(
                    static state => ((ResponseStream)state!).OnFlushDue(), this, streams.FlushInterval, streams.FlushInterval);
        }

        changed.TrySetResult();
        return added;
    }

    private void OnFlushDue() => streams.FlushInBackground(this);
}
