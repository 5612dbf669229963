using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Threading.Channels;
using ModelContextProtocol.Protocol;
using RemoteMcp.State;

namespace RemoteMcp.Sessions.Streams;

/// <summary>The GET stream of one session on this instance: what is raised for it, numbered, sent and kept for replay.</summary>
/// <param name="session">The session.</param>
/// <param name="user">Who opened it, with what the token of this request allows.</param>
/// <param name="epoch">This instance's claim on the stream.</param>
/// <param name="rows">Where its events are kept.</param>
/// <param name="backlog">Where what is not sent waits for the next stream.</param>
/// <param name="hold">What this instance is attentive by while the stream is open.</param>
/// <param name="time">For bounds.</param>
internal sealed class GetStream(
    string session, ClaimsPrincipal user, long epoch, EventRows rows, Backlog backlog, IDisposable hold, TimeProvider time) : IAsyncDisposable
{
    // A client that does not read is not worth more memory; nor are events that the storage does not take.
    private const int MaxWaiting = 1000;
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(15);

    // No message is empty.
    private static ReadOnlyMemory<byte> LookIntoTheBacklog => default;

    private readonly Channel<ReadOnlyMemory<byte>> _raised = Channel.CreateBounded<ReadOnlyMemory<byte>>(MaxWaiting);
    private readonly Lock _lock = new();
    private readonly List<StreamEvent> _unwritten = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReadOnlySet<string>? _subscriptions;
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;
    private long _sequence;

    public string Session { get; } = session;

    public ClaimsPrincipal User { get; } = user;

    public long Epoch { get; } = epoch;

    /// <summary>The URIs that this session is subscribed to.</summary>
    public IReadOnlySet<string> Subscriptions => Volatile.Read(ref _subscriptions) ?? FrozenSet<string>.Empty;

    /// <summary>Takes what the session is subscribed to now.</summary>
    public void Subscribe(IEnumerable<string> uris) => Volatile.Write(ref _subscriptions, uris.ToHashSet(StringComparer.Ordinal));

    /// <summary>Takes what the session was subscribed to when the stream was opened, unless it has changed since.</summary>
    public void BeginWith(IEnumerable<string> uris) => Interlocked.CompareExchange(ref _subscriptions, uris.ToHashSet(StringComparer.Ordinal), null);

    /// <summary>Hands a message to the stream.</summary>
    /// <returns>Whether it will be sent; <see langword="false"/> when the stream is ending or its client does not read.</returns>
    public bool TrySend(JsonRpcMessage message) => _raised.Writer.TryWrite(StreamEvent.Serialize(message));

    /// <summary>Sends what waits in the backlog.</summary>
    public void Look() => _raised.Writer.TryWrite(LookIntoTheBacklog);

    /// <summary>Says that nothing follows: another stream serves the session now.</summary>
    public void Complete() => _raised.Writer.TryComplete();

    /// <summary>Ends the stream. Completes when everything sent can be replayed.</summary>
    public Task EndAsync(CancellationToken cancellationToken)
    {
        Complete();
        return _ended.Task.WaitAsync(cancellationToken);
    }

    /// <summary>An event without data, which gives the client an id to resume from.</summary>
    public StreamEvent Prime() => Number(default);

    public async IAsyncEnumerable<StreamEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _raised.Reader.WaitToReadAsync(cancellationToken))
        {
            while (_raised.Reader.TryRead(out var data))
            {
                if (data.Length > 0)
                {
                    yield return Number(data);
                    continue;
                }

                await foreach (var waiting in backlog.TakeAsync(Session, cancellationToken))
                {
                    yield return Number(waiting);
                }
            }

            BeginWriting();
        }
    }

    /// <summary>Keeps what was sent for replay, and what was not for the next stream.</summary>
    public async ValueTask DisposeAsync()
    {
        Complete();
        try
        {
            BeginWriting();
            await _writing;
            using var bound = new CancellationTokenSource(WriteTimeout, time);
            while (_raised.Reader.TryRead(out var data))
            {
                if (data.Length > 0)
                {
                    await backlog.AddAsync(Session, data, bound.Token);
                }
            }
        }
        catch (Exception exception) when (exception is StateUnavailableException or OperationCanceledException)
        {
            // Notifications are best effort: these are lost.
        }
        finally
        {
            hold.Dispose();
            _ended.TrySetResult();
        }
    }

    /// <summary>Numbers an event of this stream, and keeps it to be written.</summary>
    private StreamEvent Number(ReadOnlyMemory<byte> data)
    {
        var numbered = new StreamEvent(new EventId(EventId.Get, Epoch, ++_sequence, "", default), data, null, StreamEventKind.Open);
        if (data.Length > 0)
        {
            lock (_lock)
            {
                _unwritten.RemoveRange(0, Math.Max(0, _unwritten.Count + 1 - MaxWaiting));
                _unwritten.Add(numbered);
            }
        }

        return numbered;
    }

    // Off the way of the events.
    private void BeginWriting()
    {
        lock (_lock)
        {
            if (_isWriting || _unwritten.Count == 0)
            {
                return;
            }

            _isWriting = true;
        }

        _writing = WriteAsync();
    }

    // The client's leaving does not end it: what it was sent is what it may ask for again.
    private async Task WriteAsync()
    {
        using var bound = new CancellationTokenSource(WriteTimeout, time);
        while (TakeUnwritten() is { Length: > 0 } events)
        {
            try
            {
                await rows.WriteAsync(Session, events, bound.Token);
            }
            catch (Exception exception) when (exception is StateUnavailableException or OperationCanceledException)
            {
                PutBack(events);
                return;
            }
        }
    }

    private StreamEvent[] TakeUnwritten()
    {
        lock (_lock)
        {
            StreamEvent[] events = [.. _unwritten];
            _unwritten.Clear();
            _isWriting = events.Length > 0;
            return events;
        }
    }

    // They are written with the next ones.
    private void PutBack(StreamEvent[] events)
    {
        lock (_lock)
        {
            _unwritten.InsertRange(0, events);
            _isWriting = false;
        }
    }
}
