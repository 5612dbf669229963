using Microsoft.Extensions.Options;
using RemoteMcp.Storage;

namespace RemoteMcp.Fleet;

/// <summary>
/// Observes for how long the state storage has responded to this instance without a stall. While the storage is stalled, no instance can
/// renew its lease. A lease that lapsed therefore proves nothing until the storage has responded long enough for a renewal.
/// </summary>
internal sealed class StorageWatch(IOptions<FleetOptions> options, TimeProvider time)
{
    // An operation that takes longer counts as stalled.
    private static readonly TimeSpan s_stall = TimeSpan.FromSeconds(1);

    // An instance tries to renew its lease again 1 s after a failure, and an attempt that got no response ends after 3 s.
    private static readonly TimeSpan s_renewalTime = TimeSpan.FromSeconds(4);

    // A stall that is shorter than this time ends no lease, because instances renew their leases after a third of the duration.
    private readonly TimeSpan _longestGap = options.Value.Lease / 2;
    private readonly Lock _lock = new();
    private long? _respondsSince;
    private long _lastResponse;

    /// <summary>
    /// Gets whether the storage has responded long enough, without a stall, for every instance that is alive to renew its lease.
    /// </summary>
    public bool AllowedRenewals
    {
        get
        {
            lock (_lock)
            {
                return _respondsSince is { } since && time.GetElapsedTime(since, _lastResponse) >= s_renewalTime;
            }
        }
    }

    /// <summary>Runs an operation on the storage, and records whether the storage responded.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> operation)
    {
        var started = time.GetTimestamp();
        try
        {
            var result = await operation();
            RecordResponse(started);
            return result;
        }
        catch (StateUnavailableException)
        {
            RecordFailure();
            throw;
        }
    }

    /// <summary>
    /// Returns how long an operation took that began at a timestamp and ends now, or zero if the storage was stalled meanwhile.
    /// </summary>
    public TimeSpan ResponseTime(long started)
    {
        var elapsed = time.GetElapsedTime(started);
        return elapsed < s_stall ? elapsed : TimeSpan.Zero;
    }

    private void RecordResponse(long started)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            if (_respondsSince is null
                || time.GetElapsedTime(started, now) >= s_stall
                || time.GetElapsedTime(_lastResponse, now) > _longestGap)
            {
                _respondsSince = now;
            }

            _lastResponse = now;
        }
    }

    private void RecordFailure()
    {
        lock (_lock)
        {
            _respondsSince = null;
        }
    }
}
