namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>A line that was skipped.</summary>
/// <param name="Line">The number of the line in the file, from 1.</param>
/// <param name="Problem">The column, the problem, and what is valid.</param>
internal readonly record struct BadLine(long Line, string Problem);

/// <summary>The invalid lines of a file: their number, and the first of them.</summary>
internal sealed class BadLines
{
    /// <summary>The maximum number of lines that are kept for display.</summary>
    public const int MaxShown = 20;

    private readonly List<BadLine> _first = [];

    /// <summary>Gets the first invalid lines, in the order of the file.</summary>
    public IReadOnlyList<BadLine> First => _first;

    /// <summary>Gets the number of invalid lines.</summary>
    public long Count { get; private set; }

    public void Add(long line, string problem)
    {
        Count++;
        if (_first.Count < MaxShown)
        {
            _first.Add(new BadLine(line, problem));
        }
    }
}
