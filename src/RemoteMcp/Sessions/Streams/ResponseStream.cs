using System.Net.ServerSentEvents;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.Sessions.Streams;

/// <summary>
/// The events of one call's response stream, on the instance that runs it. They are held back and written together, off the response
/// path: once when the call has ended, before that only when it takes long or somebody resumes it elsewhere.
/// </summary>
#pragma warning disable MCP9006 // Resumability is for clients of 2025-11-25; those clients are what it exists for.
internal sealed class ResponseStream(
    string session, string key, string owner, RequestId request, RunningCall? call, EventRows rows, ResponseStreams streams, TimeProvider time) : ISseEventStreamWriter
#pragma warning restore MCP9006
{
    private const int MaxRemembered = 64;

    private readonly Lock _lock = new();
    private readonly List<StreamEvent> _events = [];
    private readonly SemaphoreSlim _writing = new(1, 1);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _flush;
    private int _written;
    private long _sequence;
    private volatile bool _writeThrough;
    private bool _ended;

    public string Session { get; } = session;

    public string Key { get; } = key;

    public async ValueTask<SseItem<JsonRpcMessage?>> WriteEventAsync(SseItem<JsonRpcMessage?> sseItem, CancellationToken cancellationToken = default)
    {
        if (sseItem.EventId is not null)
        {
            return sseItem;
        }

        var final = sseItem.Data is JsonRpcResponse or JsonRpcError && ((JsonRpcMessageWithId)sseItem.Data).Id == request;
        var added = Add(StreamEvent.Serialize(sseItem.Data), sseItem.ReconnectionInterval, final ? StreamEventKind.Final : StreamEventKind.Open);
        if (_writeThrough)
        {
            await streams.FlushAsync(this, cancellationToken);
        }

        return new SseItem<JsonRpcMessage?>(sseItem.Data, sseItem.EventType) { EventId = added.Id.ToString(), ReconnectionInterval = sseItem.ReconnectionInterval };
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

    /// <summary>The call has ended: nothing follows. What is held back is written, and the stream forgotten here.</summary>
    public async ValueTask DisposeAsync()
    {
        bool cut;
        lock (_lock)
        {
            cut = _events.Count == 0 || _events[^1].Kind != StreamEventKind.Final;
        }

        if (cut)
        {
            // Whoever resumes must not wait for an answer that will not come.
            Add(streams.FinalError(request), null, StreamEventKind.Final);
        }

        TaskCompletionSource changed;
        lock (_lock)
        {
            _ended = true;
            _flush?.Dispose();
            changed = _changed;
        }

        changed.TrySetResult();
        streams.FlushAndForget(this);
        call?.Dispose();
    }

    /// <summary>From now on every event is written at once: somebody reads the rows.</summary>
    public void WriteThrough()
    {
        _writeThrough = true;
        streams.FlushInBackground(this);
    }

    /// <summary>Writes what is held back.</summary>
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
                    // What is written can be read from its rows; a call that reports for hours must not fill the memory.
                    _written += pending.Length;
                    var excess = Math.Max(0, _written - MaxRemembered);
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

    /// <summary>The events after one, and what completes when there are more; for a client that resumes on this instance.</summary>
    /// <returns>The events; what completes when that changes, <see langword="null"/> when nothing follows.</returns>
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
            // A call that ends within the interval is written once, as a whole.
            _flush ??= _ended ? null : time.CreateTimer(static state => ((ResponseStream)state!).OnFlushDue(), this, streams.FlushInterval, streams.FlushInterval);
        }

        changed.TrySetResult();
        return added;
    }

    private void OnFlushDue() => streams.FlushInBackground(this);
}
