using ModelContextProtocol;

namespace RemoteMcp.Tools.Shared;

/// <summary>
/// Sends progress notifications while a tool call runs. Many clients cancel a call after a minute without a message, and restart this
/// timeout at each progress notification (MCP, basic utilities, progress and timeouts).
/// </summary>
internal static class ProgressHeartbeat
{
    /// <summary>The time between two notifications.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(3);

    /// <summary>Starts to send progress notifications. Dispose of the returned timer to stop.</summary>
    /// <param name="progress">The progress of the tool call. It reports nothing if the client did not ask for progress.</param>
    /// <param name="time">The time provider.</param>
    /// <param name="message">The message for the user, which says what the call waits for.</param>
    public static ITimer Start(IProgress<ProgressNotificationValue> progress, TimeProvider time, string message)
    {
        var start = time.GetTimestamp();
        return time.CreateTimer(
            _ => progress.Report(new ProgressNotificationValue
            {
                Progress = (float)time.GetElapsedTime(start).TotalSeconds,
                Message = message,
            }),
            null,
            Period,
            Period);
    }
}
