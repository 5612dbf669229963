using ModelContextProtocol;

namespace RemoteMcp.Tools.Shared;

/// <summary>
/// Shows a client that a call is still at work. Many give up after a minute of silence, and begin to count anew at each sign of life
/// (MCP, basic utilities, progress and timeouts).
/// </summary>
internal static class ProgressHeartbeat
{
    /// <summary>The time between two signs.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(3);

    /// <summary>Begins to report; ends when it is disposed of.</summary>
    /// <param name="progress">Of the call; reports nothing where the client did not ask for it.</param>
    /// <param name="clock">The time.</param>
    /// <param name="message">What is waited for, for people.</param>
    public static ITimer Start(IProgress<ProgressNotificationValue> progress, TimeProvider clock, string message)
    {
        long start = clock.GetTimestamp();
        return clock.CreateTimer(
            _ => progress.Report(new ProgressNotificationValue { Progress = (float)clock.GetElapsedTime(start).TotalSeconds, Message = message }), null, Period, Period);
    }
}
