namespace RemoteMcp.EndToEnd.Fleet.Faults;

/// <summary>
/// Selects a fault for each request. The selection uses a fixed seed, so the n-th request meets the same fault in every run.
/// </summary>
/// <param name="name">The name for the output of the test.</param>
/// <param name="percent">The percentage of requests that meet a fault.</param>
/// <param name="faults">The possible faults.</param>
internal sealed class FaultSchedule(string name, int percent, params Fault[] faults)
{
    private const int Seed = 20260728;

    private readonly Lock _lock = new();
    private readonly Random _draw = new(Seed);
    private readonly Dictionary<Fault, int> _drawn = faults.ToDictionary(static fault => fault, static _ => 0);

    /// <summary>A schedule without faults.</summary>
    public static FaultSchedule None => new("no faults", 0);

    /// <summary>A schedule for storage that is not reachable.</summary>
    public static FaultSchedule Down => new("down", 100, Fault.LostRequest);

    public Fault Next()
    {
        lock (_lock)
        {
            if (_draw.Next(100) >= percent)
            {
                return Fault.None;
            }

            var fault = faults[_draw.Next(faults.Length)];
            _drawn[fault]++;
            return fault;
        }
    }

    /// <summary>Returns whether each fault of the schedule was selected at least this many times.</summary>
    public bool SelectedEach(int times)
    {
        lock (_lock)
        {
            return _drawn.Values.All(count => count >= times);
        }
    }

    public override string ToString() => name;
}
