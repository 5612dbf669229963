using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Threading.Channels;
using ModelContextProtocol.Protocol;
using RemoteMcp.Storage;

namespace RemoteMcp.Sessions.Streams;

/// <summary>
/// Represents the GET stream of one session on this instance. It numbers the messages for the stream, sends them, and stores them for
/// replay.
/// </summary>
/// <param name="session">The internal session id.</param>
/// <param name="user">The user that opened the stream, with the permissions of the token in the GET request.</param>
/// <param name="epoch">The epoch of this instance's claim on the stream.</param>
/// <param name="rows">Stores the events that were sent, for replay.</param>
/// <param name="backlog">Stores the messages that were not sent, for the next stream.</param>
/// <param name="hold">The unit of polling demand that this stream releases when it ends.</param>
/// <param name="time">The time provider for timeouts.</param>
internal sealed class GetStream(
    string session, ClaimsPrincipal user, long epoch, EventRows rows, Backlog backlog, IDisposable hold, TimeProvider time)
{
    // The limit bounds the memory for a client that does not read its stream. Above the limit, TrySend accepts no messages.
    private const int MaxWaiting = 1000;
    private static readonly TimeSpan s_keepTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Channel<ReadOnlyMemory<byte>> _raised = Channel.CreateBounded<ReadOnlyMemory<byte>>(MaxWaiting);
    private readonly SentEvents _sent = new(session, rows, time);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReadOnlySet<string>? _subscriptions;
    private ITimer? _retry;
    private int _backlogIsDue;
    private long _sequence;

    public string Session { get; } = session;

    public ClaimsPrincipal User { get; } = user;

    public long Epoch { get; } = epoch;

    /// <summary>Gets the URIs that the session is subscribed to.</summary>
    public IReadOnlySet<string> Subscriptions => Volatile.Read(ref _subscriptions) ?? FrozenSet<string>.Empty;

    /// <summary>Sets the current subscriptions of the session.</summary>
    public void SetSubscriptions(IEnumerable<string> uris) => Volatile.Write(ref _subscriptions, uris.ToHashSet(StringComparer.Ordinal));

    /// <summary>Sets the subscriptions that were read when the stream was opened, unless they have been set meanwhile.</summary>
    public void SetInitialSubscriptions(IEnumerable<string> uris) =>
        Interlocked.CompareExchange(ref _subscriptions, uris.ToHashSet(StringComparer.Ordinal), null);

    /// <summary>Adds a message to the stream.</summary>
    /// <returns>Whether the message will be sent; <see langword="false"/> when the stream is ending or its client does not read.</returns>
    public bool TrySend(JsonRpcMessage message) => _raised.Writer.TryWrite(StreamEvent.Serialize(message));

    /// <summary>Lets the reader of the stream send the messages that wait in the backlog. This method does not wait.</summary>
    public void DrainBacklog()
    {
        Volatile.Write(ref _backlogIsDue, 1);
        // The empty message wakes the reader. If the channel is full, the reader has messages to read and needs no wake-up.
        _raised.Writer.TryWrite(default);
    }

    /// <summary>
    /// Accepts no further messages, because the session has ended or another GET has claimed the stream. This method does not wait.
    /// </summary>
    public void Complete() => _raised.Writer.TryComplete();

    /// <summary>
    /// Ends the stream. The task completes when the request of the stream has ended and its sent events are written, or the writes failed.
    /// </summary>
    public Task EndAsync(CancellationToken cancellationToken)
    {
        Complete();
        return _ended.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Returns a priming event: an event without data, which gives the client an id to resume from.</summary>
    public StreamEvent Prime() => Number(default);

    /// <summary>Returns the events of the stream, from the backlog and from <see cref="TrySend"/>, until the stream is completed.</summary>
    public async IAsyncEnumerable<StreamEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _raised.Reader.WaitToReadAsync(cancellationToken))
        {
            while (true)
            {
                if (Interlocked.Exchange(ref _backlogIsDue, 0) == 1)
                {
                    await foreach (var waiting in TakeBacklogAsync(cancellationToken))
                    {
                        yield return Number(waiting);
                        _sent.BeginWriting();
                    }
                }

                if (!_raised.Reader.TryRead(out var data))
                {
                    break;
                }

                // An empty message only wakes the reader. Real messages are never empty.
                if (data.Length > 0)
                {
                    yield return Number(data);
                    _sent.BeginWriting();
                }
            }
        }
    }

    /// <summary>Stores the sent events for replay, and the unsent messages for the next stream, after the stream has stopped.</summary>
    /// <returns>Whether the backlog has messages of this stream now.</returns>
    public async Task<bool> FinishAsync()
    {
        Complete();
        try
        {
            if (_retry is not null)
            {
                await _retry.DisposeAsync();
            }

            await _sent.FinishAsync();
            return await KeepUnsentAsync();
        }
        finally
        {
            hold.Dispose();
            _ended.TrySetResult();
        }
    }

    private async Task<bool> KeepUnsentAsync()
    {
        using var bound = new CancellationTokenSource(s_keepTimeout, time);
        var kept = false;
        try
        {
            while (_raised.Reader.TryRead(out var data))
            {
                // A message that is larger than a row cannot be stored in the backlog.
                if (data.Length is > 0 and <= StateLimits.MaxBodyBytes)
                {
                    await backlog.AddAsync(Session, data, bound.Token);
                    kept = true;
                }
            }
        }
        catch (Exception exception) when (exception is StateUnavailableException or OperationCanceledException)
        {
            // The messages are dropped. Notifications are best effort, and the end of the stream must not wait for a storage that is down.
        }

        return kept;
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> TakeBacklogAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var waiting = backlog.TakeAsync(Session, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await waiting.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (StateUnavailableException)
            {
                // The stream continues with messages that are not in the backlog, and reads the backlog again after a pause.
                _retry ??= time.CreateTimer(
                    static state => ((GetStream)state!).DrainBacklog(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _retry.Change(s_pauseAfterFailure, Timeout.InfiniteTimeSpan);
                yield break;
            }

            yield return waiting.Current;
        }
    }

    /// <summary>Numbers an event of this stream, and queues it to be written for replay.</summary>
    private StreamEvent Number(ReadOnlyMemory<byte> data)
    {
        var numbered = new StreamEvent(new EventId(EventId.Get, Epoch, ++_sequence, "", default), data, null, StreamEventKind.Open);
        if (data.Length > 0)
        {
            _sent.Add(numbered);
        }

        return numbered;
    }
}
