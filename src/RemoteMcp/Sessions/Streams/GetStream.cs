using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Threading.Channels;
using ModelContextProtocol.Protocol;
using RemoteMcp.Storage;

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
    string session, ClaimsPrincipal user, long epoch, EventRows rows, Backlog backlog, IDisposable hold, TimeProvider time)
{
    // A client that does not read is not worth more memory; it can replay nothing that it was never sent.
    private const int MaxWaiting = 1000;
    private static readonly TimeSpan KeepTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Channel<ReadOnlyMemory<byte>> _raised = Channel.CreateBounded<ReadOnlyMemory<byte>>(MaxWaiting);
    private readonly SentEvents _sent = new(session, rows, time);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReadOnlySet<string>? _subscriptions;
    private ITimer? _retry;
    private int _look;
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
    public void DrainBacklog()
    {
        Volatile.Write(ref _look, 1);
        // Wakes the reader; where there is no room, it is awake.
        _raised.Writer.TryWrite(default);
    }

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
            while (true)
            {
                if (Interlocked.Exchange(ref _look, 0) == 1)
                {
                    await foreach (var waiting in TakeWaitingAsync(cancellationToken))
                    {
                        yield return Number(waiting);
                        _sent.BeginWriting();
                    }
                }

                if (!_raised.Reader.TryRead(out var data))
                {
                    break;
                }

                // What only wakes is empty, and no message is.
                if (data.Length > 0)
                {
                    yield return Number(data);
                    _sent.BeginWriting();
                }
            }
        }
    }

    /// <summary>Ends the stream: keeps what was sent for replay, and what was not for the next stream.</summary>
    /// <returns>Whether something waits in the backlog now.</returns>
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
        using var bound = new CancellationTokenSource(KeepTimeout, time);
        var kept = false;
        try
        {
            while (_raised.Reader.TryRead(out var data))
            {
                // What is more than a row holds cannot wait.
                if (data.Length is > 0 and <= StateLimits.MaxBodyBytes)
                {
                    await backlog.AddAsync(Session, data, bound.Token);
                    kept = true;
                }
            }
        }
        catch (Exception exception) when (exception is StateUnavailableException or OperationCanceledException)
        {
            // Notifications are best effort: whoever closes the stream does not wait for a storage that is down.
        }

        return kept;
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> TakeWaitingAsync([EnumeratorCancellation] CancellationToken cancellationToken)
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
                // What can be sent without the storage goes on.
                _retry ??= time.CreateTimer(static state => ((GetStream)state!).DrainBacklog(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _retry.Change(PauseAfterFailure, Timeout.InfiniteTimeSpan);
                yield break;
            }

            yield return waiting.Current;
        }
    }

    /// <summary>Numbers an event of this stream, and keeps it to be written.</summary>
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
