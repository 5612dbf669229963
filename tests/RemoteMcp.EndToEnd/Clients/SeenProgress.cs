using ModelContextProtocol;

namespace RemoteMcp.EndToEnd.Clients;

/// <summary>Collects the progress of a call. The C# client handles notifications concurrently, so their order is lost.</summary>
internal sealed class SeenProgress : IProgress<ProgressNotificationValue>
{
    private readonly Lock _lock = new();
    private readonly List<double> _values = [];

    /// <summary>The reported values in ascending order.</summary>
    public IReadOnlyList<double> Values
    {
        get
        {
            lock (_lock)
            {
                return [.. _values.Order()];
            }
        }
    }

    public void Report(ProgressNotificationValue value)
    {
        lock (_lock)
        {
            _values.Add(value.Progress);
        }
    }
}
