using RemoteMcp.Fleet;

namespace RemoteMcp.Sessions;

/// <summary>
/// Lets this instance read its inbox for a moment after a session was used. An instance that only keeps unused sessions in memory gives up
/// its lease, and costs no storage transactions. It checks the row of a session before the next use (<see cref="SessionLookup"/>).
/// </summary>
internal sealed class SessionDemand(PollingDemand demand, TimeProvider time) : IDisposable
{
    // Clients often send the next request within seconds. A new lease costs a transaction, and delays that request.
    private static readonly TimeSpan s_afterUse = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private IDisposable? _hold;
    private ITimer? _timer;
    private long _until;

    /// <summary>Reports that a session is used now.</summary>
    public void OnUsed() => HoldFor(s_afterUse);

    /// <summary>Lets this instance read its inbox at least for a time from now on.</summary>
    public void HoldFor(TimeSpan duration)
    {
        lock (_lock)
        {
            _until = Math.Max(_until, time.GetTimestamp() + (long)(duration.TotalSeconds * time.TimestampFrequency));
            if (_hold is null)
            {
                _hold = demand.Acquire(urgent: false);
                _timer ??= time.CreateTimer(
                    static state => ((SessionDemand)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(duration, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _timer?.Dispose();
            _hold?.Dispose();
        }
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (now >= _until)
            {
                _hold?.Dispose();
                _hold = null;
            }
            else
            {
                _timer!.Change(time.GetElapsedTime(now, _until), Timeout.InfiniteTimeSpan);
            }
        }
    }
}
