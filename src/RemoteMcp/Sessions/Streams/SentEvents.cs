using RemoteMcp.Storage;

namespace RemoteMcp.Sessions.Streams;

/// <summary>What a GET stream has sent, on the way to the rows that it is replayed from; off the way of the events.</summary>
internal sealed class SentEvents(string session, EventRows rows, TimeProvider time)
{
    // While the storage does not take them; the oldest can't be replayed then.
    private const int MaxUnwritten = 1000;
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly List<StreamEvent> _unwritten = [];
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;

    /// <summary>Takes an event that is sent now. It is written by the next write.</summary>
    public void Add(StreamEvent sent)
    {
        lock (_lock)
        {
            _unwritten.RemoveRange(0, Math.Max(0, _unwritten.Count + 1 - MaxUnwritten));
            _unwritten.Add(sent);
        }
    }

    /// <summary>Writes what has gathered; a write that is under way does so when it is done.</summary>
    public void BeginWriting()
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

    /// <summary>Waits until all is written, or was given up; what a write could not do is tried once more.</summary>
    public async Task FinishAsync()
    {
        for (var i = 0; i < 2; i++)
        {
            BeginWriting();
            await _writing;
        }
    }

    // The client's leaving does not end it: what it was sent is what it may ask for again.
    private async Task WriteAsync()
    {
        while (TakeUnwritten() is { Length: > 0 } events)
        {
            using var bound = new CancellationTokenSource(WriteTimeout, time);
            try
            {
                await rows.WriteAsync(session, events, bound.Token);
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
