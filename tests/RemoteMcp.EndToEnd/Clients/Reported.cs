using ModelContextProtocol;

namespace RemoteMcp.EndToEnd.Clients;

/// <summary>Reports at once: <see cref="Progress{T}"/> would on other threads, after the call that it belongs to.</summary>
internal sealed class Reported(Action<ProgressNotificationValue> report) : IProgress<ProgressNotificationValue>
{
    public void Report(ProgressNotificationValue value) => report(value);
}
