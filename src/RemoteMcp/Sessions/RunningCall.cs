using RemoteMcp.Relay;

namespace RemoteMcp.Sessions;

/// <summary>A call that runs here.</summary>
internal sealed class RunningCall : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(250);

    // An answer that was on its way when the cancellation came still goes out.
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(500);

    private readonly Attention _attention;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _letGo;
    private readonly Lock _lock = new();
    private IDisposable? _hold;
    private bool _ended;

    public RunningCall(Attention attention, TimeProvider time)
    {
        _attention = attention;
        _letGo = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _timer = time.CreateTimer(static state => ((RunningCall)state!).BecomeAttentive(), this, Moment, Timeout.InfiniteTimeSpan);
    }

    public event Action? Ended;

    /// <summary>Cancelled when the response should end though there is no answer: there will be none to a cancelled call.</summary>
    public CancellationToken LetGoToken => _letGo.Token;

    public void LetGo()
    {
        lock (_lock)
        {
            if (!_ended)
            {
                _letGo.CancelAfter(LastWords);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _ended = true;
            _hold?.Dispose();
        }

        Ended?.Invoke();
        _timer.Dispose();
        _letGo.Dispose();
    }

    private void BecomeAttentive()
    {
        lock (_lock)
        {
            _hold = _ended ? null : _attention.Hold(urgent: true);
        }
    }
}
