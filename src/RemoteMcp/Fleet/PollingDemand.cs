namespace RemoteMcp.Fleet;

/// <summary>
/// Counts what this instance holds that may need messages from other instances. The demand sets the polling interval of the inbox: short
/// while a client or a call waits (urgent), long while sessions are only kept in memory, and no polling without demand.
/// </summary>
internal sealed class PollingDemand
{
    private readonly Lock _lock = new();
    private int _urgent;
    private int _relaxed;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsUrgent => Volatile.Read(ref _urgent) > 0;

    public bool IsNeeded => IsUrgent || Volatile.Read(ref _relaxed) > 0;

    /// <summary>Gets a task that completes when the demand becomes higher than it was when the property was read.</summary>
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

    /// <summary>Raises the demand until the returned object is disposed.</summary>
    /// <param name="urgent">Whether a client waits for something that may arrive.</param>
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
