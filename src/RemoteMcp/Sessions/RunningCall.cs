using System.Security.Claims;
using ModelContextProtocol.Protocol;
using RemoteMcp.Fleet;
using RemoteMcp.Sessions.Streams;

namespace RemoteMcp.Sessions;

/// <summary>
/// Represents a call that runs on this instance. It ends when its request and its response stream have both ended, or shortly after its
/// client cancelled it. A client that disconnects has not cancelled its call, and may resume the response stream.
/// </summary>
internal sealed class RunningCall : IDisposable
{
    private static readonly TimeSpan s_urgentAfter = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_registeredAfter = TimeSpan.FromSeconds(1);

    // A response that the server was already sending when the cancellation arrived has this time to complete.
    private static readonly TimeSpan s_responseGracePeriod = TimeSpan.FromMilliseconds(500);

    private readonly PollingDemand _demand;
    private readonly CallRegistry _registry;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _abandoned;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private IDisposable? _urgentDemand;
    private int _holders = 1;
    private bool _cancelled;
    private bool _ended;

    public RunningCall(
        string session, RequestId request, ClaimsPrincipal user, PollingDemand demand, CallRegistry registry, TimeProvider time)
    {
        (Session, Request, User) = (session, request, user);
        _demand = demand;
        _registry = registry;
        _abandoned = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _abandoned.Token.UnsafeRegister(static state => ((RunningCall)state!).End(), this);
        _timer = time.CreateTimer(static state => ((RunningCall)state!).OnTimer(), this, s_urgentAfter, s_registeredAfter - s_urgentAfter);
    }

    /// <summary>Occurs once, when the call has ended.</summary>
    public event Action? Ended;

    /// <summary>Gets the internal id of the session.</summary>
    public string Session { get; }

    /// <summary>Gets the id of the client's request.</summary>
    public RequestId Request { get; }

    /// <summary>Gets the user who called.</summary>
    public ClaimsPrincipal User { get; }

    /// <summary>Gets a task that completes when the call has ended.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Gets the token that ends the response without an answer, because its client has cancelled the call.</summary>
    public CancellationToken AbandonedToken => _abandoned.Token;

    /// <summary>Gets the state of the message's dispatch.</summary>
    public CallDispatch Dispatch { get; } = new();

    /// <summary>Gets or sets the response stream that the client can resume, or <see langword="null"/> if there is none.</summary>
    public CallStream? Stream { get; set; }

    /// <summary>Gets whether the client has cancelled the call.</summary>
    public bool IsCancelled
    {
        get
        {
            lock (_lock)
            {
                return _cancelled;
            }
        }
    }

    /// <summary>Ends the response soon, because its client has cancelled the call.</summary>
    public void AbandonResponse()
    {
        lock (_lock)
        {
            if (!_ended)
            {
                _cancelled = true;
                _abandoned.CancelAfter(s_responseGracePeriod);
            }
        }
    }

    /// <summary>
    /// Adds a holder of this call: the call ends when the request and each holder have called <see cref="Dispose"/>.
    /// </summary>
    /// <returns>This call.</returns>
    public RunningCall Keep()
    {
        Interlocked.Increment(ref _holders);
        return this;
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            End();
            _abandoned.Dispose();
        }
    }

    private void End()
    {
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
            _urgentDemand?.Dispose();
        }

        Ended?.Invoke();
        _timer.Dispose();
        _completion.TrySetResult();
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            if (_urgentDemand is null)
            {
                _urgentDemand = _demand.Acquire(urgent: true);
                return;
            }

            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        // The registry's work must not run in the execution context of the call.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(() => _registry.KeepAsync(this));
        }
    }
}
