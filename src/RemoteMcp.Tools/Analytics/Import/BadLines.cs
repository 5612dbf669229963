namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>A line that was left out.</summary>
/// <param name="Line">Its number in the file, from 1.</param>
/// <param name="Problem">The column, what is wrong, and what is right.</param>
internal readonly record struct BadLine(long Line, string Problem);

/// <summary>The lines of a file that could not be read: how many, and the first of them.</summary>
internal sealed class BadLines
{
    /// <summary>As many are kept to be shown.</summary>
    public const int MaxShown = 20;

    private readonly List<BadLine> _first = [];

    /// <summary>The first of them, in the file's order.</summary>
    public IReadOnlyList<BadLine> First => _first;

    /// <summary>All of them.</summary>
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
