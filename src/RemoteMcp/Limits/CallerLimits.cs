using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using RemoteMcp.Auth.Authentication;

namespace RemoteMcp.Limits;

/// <summary>
/// Counts the messages and calls of each caller. Requests and streams have their own limit per minute: a caller that exceeds it can still
/// cancel calls and answer questions, because the limit of all messages is twice as high. Without sign-in, there are no limits.
/// </summary>
internal sealed class CallerLimits : IDisposable
{
    private const int MessagesPerRequest = 2;

    private readonly PartitionedRateLimiter<Caller> _messages;
    private readonly PartitionedRateLimiter<Caller> _requests;
    private readonly PartitionedRateLimiter<Caller> _bodies;
    private readonly PartitionedRateLimiter<Caller> _calls;

    private readonly bool _hasCallers;

    public CallerLimits(IOptions<LimitOptions> options, IOptions<AuthOptions> auth)
    {
        _hasCallers = auth.Value.Mode != AuthMode.None;
        MaxMessages = options.Value.RequestsPerMinute * MessagesPerRequest;
        _messages = PerMinute(MaxMessages);
        _requests = PerMinute(options.Value.RequestsPerMinute);
        _bodies = Concurrent(options.Value.ConcurrentRequests);
        _calls = Concurrent(options.Value.ConcurrentRequests);
    }

    /// <summary>Gets the maximum number of messages of one caller in a minute.</summary>
    public int MaxMessages { get; }

    /// <summary>Counts HTTP requests and the messages of batches, of every kind.</summary>
    public RateLimitLease CountMessages(Caller caller, int count) => _messages.AttemptAcquire(caller, Math.Min(count, MaxMessages));

    /// <summary>Counts a JSON-RPC request or a GET stream.</summary>
    public RateLimitLease CountRequest(Caller caller) => _requests.AttemptAcquire(caller);

    /// <summary>
    /// Returns the limit in <see cref="LimitOptions"/> that a further request of a caller would exceed, or <see langword="null"/>. This
    /// counts nothing.
    /// </summary>
    public string? FindExhausted(Caller caller) =>
        _requests.GetStatistics(caller)?.CurrentAvailablePermits == 0 ? nameof(LimitOptions.RequestsPerMinute)
        : _calls.GetStatistics(caller)?.CurrentAvailablePermits == 0 ? nameof(LimitOptions.ConcurrentRequests)
        : null;

    /// <summary>Limits the bodies of a caller that the server reads at the same time. The lease lasts until the body is read.</summary>
    public RateLimitLease BeginBody(Caller caller) => _bodies.AttemptAcquire(caller);

    /// <summary>Limits the calls and streams of a caller. The lease lasts until the call or the stream has ended.</summary>
    public RateLimitLease BeginCall(Caller caller) => _calls.AttemptAcquire(caller);

    public void Dispose()
    {
        _messages.Dispose();
        _requests.Dispose();
        _bodies.Dispose();
        _calls.Dispose();
    }

    private PartitionedRateLimiter<Caller> PerMinute(int permits)
    {
        var options = new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = TimeSpan.FromMinutes(1) };
        return Create(caller => RateLimitPartition.GetFixedWindowLimiter(caller, _ => options));
    }

    private PartitionedRateLimiter<Caller> Concurrent(int permits)
    {
        var options = new ConcurrencyLimiterOptions { PermitLimit = permits };
        return Create(caller => RateLimitPartition.GetConcurrencyLimiter(caller, _ => options));
    }

    private PartitionedRateLimiter<Caller> Create(Func<Caller, RateLimitPartition<Caller>> limited) =>
        PartitionedRateLimiter.Create(_hasCallers ? limited : RateLimitPartition.GetNoLimiter);
}
