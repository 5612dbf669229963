using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using RemoteMcp.Auth.Authentication;

namespace RemoteMcp.Limits;

/// <summary>
/// Limits the memory for request bodies: of each caller, of requests without a caller, and of the process. Memory is taken before it is
/// allocated, and is given back when the request and its call have ended. A part of the memory of the process is reserved for small bodies,
/// so that most requests succeed while large bodies occupy the rest.
/// </summary>
internal sealed class RequestMemory : IDisposable
{
    /// <summary>The maximum size of a small body, in bytes.</summary>
    public const int SmallBody = 16 * 1024;

    /// <summary>The memory that requests without a caller take at a time, in bytes.</summary>
    public const int AnonymousStep = 4 * 1024;

    private const int AnonymousSteps = 16 * 1024 * 1024 / AnonymousStep;
    private const int PartsOfProcess = 8;

    private readonly PartitionedRateLimiter<Caller> _callers;
    private readonly int _maxOfCaller;
    private readonly int _maxShared;
    private readonly ConcurrencyLimiter _shared;
    private readonly ConcurrencyLimiter _reserve;
    private readonly ConcurrencyLimiter _anonymous = new(new() { PermitLimit = AnonymousSteps });

    public RequestMemory(IOptions<LimitOptions> limits, IOptions<AuthOptions> auth)
    {
        _maxOfCaller = limits.Value.RequestBytesPerCaller;
        var perCaller = new ConcurrencyLimiterOptions { PermitLimit = _maxOfCaller };
        _callers = PartitionedRateLimiter.Create<Caller, Caller>(caller => auth.Value.Mode == AuthMode.None
            ? RateLimitPartition.GetNoLimiter(caller)
            : RateLimitPartition.GetConcurrencyLimiter(caller, _ => perCaller));
        var reserve = limits.Value.RequestBytes / PartsOfProcess;
        _maxShared = limits.Value.RequestBytes - reserve;
        _reserve = new(new() { PermitLimit = reserve });
        _shared = new(new() { PermitLimit = _maxShared });
    }

    /// <summary>Takes memory for a part of the body of a request. The permit of the request holds it.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="bytes">The size of the part.</param>
    /// <param name="total">The size of the body so far, with this part.</param>
    /// <param name="permit">The permit of the request.</param>
    /// <returns>
    /// <see langword="null"/> if there is enough memory; otherwise the name of the limit in <see cref="LimitOptions"/> that would be
    /// exceeded.
    /// </returns>
    public string? TryTake(Caller caller, int bytes, int total, RequestPermit permit)
    {
        // A limiter throws if it is asked for more than its limit.
        if (bytes > _maxOfCaller || !TryAdd(_callers.AttemptAcquire(caller, bytes), permit))
        {
            return nameof(LimitOptions.RequestBytesPerCaller);
        }

        return (bytes <= _maxShared && TryAdd(_shared.AttemptAcquire(bytes), permit))
            || (total <= SmallBody && TryAdd(_reserve.AttemptAcquire(bytes), permit))
                ? null
                : nameof(LimitOptions.RequestBytes);
    }

    /// <summary>Takes <see cref="AnonymousStep"/> bytes for a request from a caller who is not signed in.</summary>
    /// <returns>A lease. Dispose it, also if it was not acquired.</returns>
    public RateLimitLease TryTakeAnonymous() => _anonymous.AttemptAcquire();

    public void Dispose()
    {
        _callers.Dispose();
        _shared.Dispose();
        _reserve.Dispose();
        _anonymous.Dispose();
    }

    private static bool TryAdd(RateLimitLease lease, RequestPermit permit)
    {
        if (lease.IsAcquired)
        {
            permit.Add(lease);
            return true;
        }

        lease.Dispose();
        return false;
    }
}
