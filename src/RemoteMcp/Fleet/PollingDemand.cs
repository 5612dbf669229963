namespace RemoteMcp.Fleet;

/// <summary>
/// Counts the reasons why this instance must read its inbox. Urgent demand: a client may wait for a message that arrives through another
/// instance. Relaxed demand: this instance only has sessions in memory, or streams that are open. <see cref="InboxReader"/> polls at short
/// intervals while there is urgent demand, at long intervals while there is only relaxed demand, and never without demand.
/// </summary>
internal sealed class PollingDemand
{
    private readonly Lock _lock = new();
    private int _urgent;
    private int _relaxed;
    private TaskCompletionSource _raised = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsUrgent => Volatile.Read(ref _urgent) > 0;

    public bool IsNeeded => IsUrgent || Volatile.Read(ref _relaxed) > 0;

    /// <summary>
    /// Gets a task that completes when polling becomes needed or urgent: when the count of urgent demand, or the count of relaxed demand,
    /// next goes from 0 to 1.
    /// </summary>
    public Task Raised
    {
        get
        {
            lock (_lock)
            {
                return _raised.Task;
            }
        }
    }

    /// <summary>Raises the demand until the returned object is disposed.</summary>
    /// <param name="urgent">Whether a client may wait for a message that arrives through another instance.</param>
    public IDisposable Acquire(bool urgent)
    {
        TaskCompletionSource? wake = null;
        lock (_lock)
        {
            if (urgent ? _urgent++ == 0 : _relaxed++ == 0)
            {
                wake = _raised;
                _raised = new(TaskCreationOptions.RunContinuationsAsynchronously);
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
