using ModelContextProtocol;

namespace RemoteMcp.EndToEnd.Clients;

/// <summary>The progress of a call as the C# client tells it: it handles notifications concurrently, so their order is lost.</summary>
internal sealed class SeenProgress : IProgress<ProgressNotificationValue>
{
    private readonly Lock _lock = new();
    private readonly List<double> _values = [];

    /// <summary>What was reported, from the least to the most.</summary>
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
