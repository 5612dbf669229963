using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using RemoteMcp.Auth.Authentication;

namespace RemoteMcp.Limits;

/// <summary>
/// Limits the memory for request bodies: of each caller, of requests without a caller, and of the process. Memory is taken before it is
/// allocated, and is given back when the request and its call have ended. A part of the memory of the process is only for small bodies, so
/// that most requests succeed while large bodies occupy the rest.
/// </summary>
internal sealed class RequestMemory : IDisposable
{
    private const int MaxAnonymousRequests = 256;
    private const int SmallBody = 16 * 1024;
    private const int PartsOfProcess = 8;

    private readonly PartitionedRateLimiter<Caller> _callers;
    private readonly ConcurrencyLimiter _large;
    private readonly ConcurrencyLimiter _small;
    private readonly ConcurrencyLimiter _anonymous = new(new() { PermitLimit = MaxAnonymousRequests });

    public RequestMemory(IOptions<LimitOptions> limits, IOptions<AuthOptions> auth)
    {
        var perCaller = new ConcurrencyLimiterOptions { PermitLimit = limits.Value.RequestBytesPerCaller };
        _callers = PartitionedRateLimiter.Create<Caller, Caller>(caller => auth.Value.Mode == AuthMode.None
            ? RateLimitPartition.GetNoLimiter(caller)
            : RateLimitPartition.GetConcurrencyLimiter(caller, _ => perCaller));
        var forSmall = limits.Value.RequestBytes / PartsOfProcess;
        _small = new(new() { PermitLimit = forSmall });
        _large = new(new() { PermitLimit = limits.Value.RequestBytes - forSmall });
    }

    /// <summary>Takes memory for the body of a request. The permit of the request holds it.</summary>
    /// <returns>
    /// <see langword="null"/> if there is enough memory; otherwise the name of the limit in <see cref="LimitOptions"/> that would be
    /// exceeded.
    /// </returns>
    public string? TryTake(Caller caller, int bytes, RequestPermit permit)
    {
        var ofCaller = _callers.AttemptAcquire(caller, bytes);
        if (!ofCaller.IsAcquired)
        {
            ofCaller.Dispose();
            return nameof(LimitOptions.RequestBytesPerCaller);
        }

        var ofProcess = (bytes <= SmallBody ? _small : _large).AttemptAcquire(bytes);
        if (!ofProcess.IsAcquired)
        {
            ofProcess.Dispose();
            ofCaller.Dispose();
            return nameof(LimitOptions.RequestBytes);
        }

        permit.Add(ofProcess);
        permit.Add(ofCaller);
        return null;
    }

    /// <summary>Takes the memory for a request with a small body from a caller who is not signed in.</summary>
    /// <returns>A lease. Dispose it, also if it was not acquired.</returns>
    public RateLimitLease TryTakeAnonymous() => _anonymous.AttemptAcquire();

    public void Dispose()
    {
        _callers.Dispose();
        _large.Dispose();
        _small.Dispose();
        _anonymous.Dispose();
    }
}
