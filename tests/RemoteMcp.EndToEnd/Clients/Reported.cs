using ModelContextProtocol;

namespace RemoteMcp.EndToEnd.Clients;

/// <summary>Progress as it arrives; <see cref="Progress{T}"/> would report it on other threads, after the call that it belongs to.</summary>
internal sealed class Reported(Action<ProgressNotificationValue> report) : IProgress<ProgressNotificationValue>
{
    public void Report(ProgressNotificationValue value) => report(value);
}
