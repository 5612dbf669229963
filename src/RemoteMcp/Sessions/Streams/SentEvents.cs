using RemoteMcp.Storage;

namespace RemoteMcp.Sessions.Streams;

/// <summary>Collects the events that a GET stream has sent, and writes them for replay without delaying the stream.</summary>
internal sealed class SentEvents(string session, EventRows rows, TimeProvider time)
{
    // The limit applies while the storage does not accept events. The oldest events are then dropped, and cannot be replayed.
    private const int MaxUnwritten = 1000;
    private static readonly TimeSpan s_writeTimeout = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly List<StreamEvent> _unwritten = [];
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;

    /// <summary>Adds an event that is being sent. The next write includes it.</summary>
    public void Add(StreamEvent sent)
    {
        lock (_lock)
        {
            _unwritten.RemoveRange(0, Math.Max(0, _unwritten.Count + 1 - MaxUnwritten));
            _unwritten.Add(sent);
        }
    }

    /// <summary>Begins to write the collected events. A write that is in progress includes them instead.</summary>
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

    /// <summary>Waits until all events are written, or until the second write has failed.</summary>
    public async Task FinishAsync()
    {
        for (var i = 0; i < 2; i++)
        {
            BeginWriting();
            await _writing;
        }
    }

    // The write continues after the client has left, because the client may ask for these events when it returns.
    private async Task WriteAsync()
    {
        while (TakeUnwritten() is { Length: > 0 } events)
        {
            using var bound = new CancellationTokenSource(s_writeTimeout, time);
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

    // The next write includes these events.
    private void PutBack(StreamEvent[] events)
    {
        lock (_lock)
        {
            _unwritten.InsertRange(0, events);
            _isWriting = false;
        }
    }
}
