namespace RemoteMcp.EndToEnd.Fleet.Faults;

/// <summary>Which request meets which fault: drawn from a seed, so that the n-th request meets the same in every run.</summary>
/// <param name="name">What it is like, for the test's output.</param>
/// <param name="percent">How many of a hundred requests meet one.</param>
/// <param name="faults">Those that are drawn from.</param>
internal sealed class FaultSchedule(string name, int percent, params Fault[] faults)
{
    private const int Seed = 20260728;

    private readonly Lock _lock = new();
    private readonly Random _draw = new(Seed);

    /// <summary>All is well.</summary>
    public static FaultSchedule None => new("no faults", 0);

    /// <summary>Nobody is there.</summary>
    public static FaultSchedule Down => new("down", 100, Fault.LostRequest);

    public Fault Next()
    {
        lock (_lock)
        {
            return _draw.Next(100) < percent ? faults[_draw.Next(faults.Length)] : Fault.None;
        }
    }

    public override string ToString() => name;
}
