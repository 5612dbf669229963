namespace RemoteMcp.Sessions;

/// <summary>
/// Coordinates the end of a call's request with the moment at which the SDK gives the message of the call to the session (dispatches it).
/// </summary>
/// <remarks>
/// The SDK sends the first event of a response stream, which has an id to resume from, before it dispatches the message. If the request was
/// cancelled in between, the SDK drops the message and ends the stream only when the session ends. A client that resumes the stream would
/// wait that long. Therefore the cancellation waits for the dispatch, and a message that was not dispatched in time is refused.
/// </remarks>
internal sealed class CallDispatch
{
    // RequestLifetime closes the connection, and lets a host's invocation end, one second after it cancelled the request.
    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private CancellationTokenSource? _waitingRequest;
    private IAsyncDisposable? _stream;
    private bool _dispatched;
    private bool _refused;

    /// <summary>Gets whether the message was refused, so that the call has no answer.</summary>
    public bool IsRefused
    {
        get
        {
            lock (_lock)
            {
                return _refused;
            }
        }
    }

    /// <summary>Reports the response stream that a client can resume. The stream is about to send its first event.</summary>
    public void OnStreamOpened(IAsyncDisposable stream)
    {
        lock (_lock)
        {
            _stream = stream;
        }
    }

    /// <summary>Reports that the SDK dispatches the message.</summary>
    /// <returns>Whether the session may process the message; <see langword="false"/> if it was refused.</returns>
    public bool TryDispatch()
    {
        CancellationTokenSource? waiting;
        lock (_lock)
        {
            if (_refused)
            {
                return false;
            }

            (_dispatched, waiting) = (true, _waitingRequest);
        }

        if (waiting is not null)
        {
            Cancel(waiting);
        }

        return true;
    }

    /// <summary>
    /// Cancels the request. If a client can resume the response, this waits for the dispatch, for at most 500 ms.
    /// </summary>
    public void CancelRequest(CancellationTokenSource request)
    {
        lock (_lock)
        {
            if (_stream is not null && !_dispatched)
            {
                _waitingRequest = request;
                request.CancelAfter(s_limit);
                return;
            }
        }

        Cancel(request);
    }

    /// <summary>Refuses the message if the SDK has not dispatched it. Call this when the request has ended.</summary>
    /// <returns>The response stream, which the caller must end, or <see langword="null"/> if there is nothing to end.</returns>
    public IAsyncDisposable? RefuseIfNotDispatched()
    {
        lock (_lock)
        {
            _refused = !_dispatched;
            return _refused ? _stream : null;
        }
    }

    private static void Cancel(CancellationTokenSource request)
    {
        try
        {
            request.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The request has ended.
        }
    }
}
