namespace RemoteMcp.Fleet;

/// <summary>
/// What this instance waits for that may arrive at another one. While there is nothing, nobody polls; while a client or a call waits,
/// the inbox is looked at often; while sessions are only remembered, now and then.
/// </summary>
internal sealed class PollingDemand
{
    private readonly Lock _lock = new();
    private int _urgent;
    private int _relaxed;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsUrgent => Volatile.Read(ref _urgent) > 0;

    public bool IsNeeded => IsUrgent || Volatile.Read(ref _relaxed) > 0;

    /// <summary>Completes when more demand is asked for than when it was read.</summary>
    public Task Raised
    {
        get
        {
            lock (_lock)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>Asks for demand until the result is disposed.</summary>
    /// <param name="urgent">Whether a client waits for what may arrive.</param>
    public IDisposable Acquire(bool urgent)
    {
        TaskCompletionSource? wake = null;
        lock (_lock)
        {
            if (urgent ? _urgent++ == 0 : _relaxed++ == 0)
            {
                wake = _changed;
                _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        wake?.TrySetResult();
        return new Holder(this, urgent);
    }

    private void Release(bool urgent)
    {
        lock (_lock)
        {
            _ = urgent ? _urgent-- : _relaxed--;
        }
    }

    private sealed class Holder(PollingDemand owner, bool urgent) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                owner.Release(urgent);
            }
        }
    }
}
