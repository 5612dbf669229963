using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Threading.Channels;
using ModelContextProtocol.Protocol;

namespace RemoteMcp.Sessions.Streams;

/// <summary>The GET stream of one session on this instance: what is raised for it, numbered, sent and kept for replay.</summary>
internal sealed class GetStream(string session, ClaimsPrincipal user, long epoch, EventRows rows) : IAsyncDisposable
{
    // A client that does not read is not worth more memory; it can replay nothing that it was never sent.
    private const int MaxWaiting = 1000;

    private readonly Channel<ReadOnlyMemory<byte>> _raised = Channel.CreateBounded<ReadOnlyMemory<byte>>(MaxWaiting);
    private readonly List<StreamEvent> _unwritten = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _writing = Task.CompletedTask;
    private long _sequence;

    public string Session { get; } = session;

    /// <summary>Who opened it, with what the token of this request allows.</summary>
    public ClaimsPrincipal User { get; } = user;

    /// <summary>The URIs that this session is subscribed to.</summary>
    public IReadOnlySet<string> Subscriptions { get; set; } = new HashSet<string>();

    /// <summary>Hands a message to the stream.</summary>
    /// <returns>Whether it will be sent; <see langword="false"/> when the stream is ending or its client does not read.</returns>
    public bool TrySend(JsonRpcMessage message) => _raised.Writer.TryWrite(StreamEvent.Serialize(message));

    /// <summary>Ends the stream: another one serves the session now. Completes when everything sent can be replayed.</summary>
    public Task EndAsync(CancellationToken cancellationToken)
    {
        _raised.Writer.TryComplete();
        return _ended.Task.WaitAsync(cancellationToken);
    }

    public StreamEvent Prime() => Number(default);

    /// <summary>Numbers an event of this stream, and keeps it to be written.</summary>
    public StreamEvent Number(ReadOnlyMemory<byte> data)
    {
        var numbered = new StreamEvent(new EventId(EventId.Get, epoch, ++_sequence, "", default), data, null, StreamEventKind.Open);
        if (data.Length > 0)
        {
            _unwritten.Add(numbered);
        }

        return numbered;
    }

    public async IAsyncEnumerable<StreamEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _raised.Reader.WaitToReadAsync(cancellationToken))
        {
            while (_raised.Reader.TryRead(out var data))
            {
                yield return Number(data);
            }

            if (_writing.IsCompleted)
            {
                // Off the way of the events; the next one that finds it done writes all that have gathered.
                _writing = WriteAsync(cancellationToken);
            }
        }
    }

    /// <summary>Writes what was sent and not yet written.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (_unwritten.Count > 0)
        {
            StreamEvent[] events = [.. _unwritten];
            _unwritten.Clear();
            await rows.WriteAsync(Session, events, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _raised.Writer.TryComplete();
        try
        {
            await _writing;
            await WriteAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is State.StateUnavailableException or OperationCanceledException)
        {
            // Notifications are best effort: these can't be replayed.
        }
        finally
        {
            _ended.TrySetResult();
        }
    }
}
