using Microsoft.Extensions.Time.Testing;

namespace RemoteMcp.Tests.Sessions.Relay;

/// <summary>A clock for which every wait ends immediately: it advances by the time of each wait.</summary>
internal sealed class AutoAdvancingTime : FakeTimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && period == Timeout.InfiniteTimeSpan)
        {
            ThreadPool.QueueUserWorkItem(_ => Advance(dueTime));
        }

        return timer;
    }
}
