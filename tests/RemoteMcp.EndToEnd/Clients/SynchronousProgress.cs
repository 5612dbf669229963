using ModelContextProtocol;

namespace RemoteMcp.EndToEnd.Clients;

/// <summary>
/// Reports progress synchronously. <see cref="Progress{T}"/> reports on other threads, possibly after the call has ended.
/// </summary>
internal sealed class SynchronousProgress(Action<ProgressNotificationValue> report) : IProgress<ProgressNotificationValue>
{
    public void Report(ProgressNotificationValue value) => report(value);
}
