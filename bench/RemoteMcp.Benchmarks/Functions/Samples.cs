using System.Globalization;

namespace RemoteMcp.Benchmarks.Functions;

/// <summary>The values of a repeated measurement.</summary>
internal sealed class Samples
{
    private readonly double[] _sorted;

    /// <param name="values">The values, in any order.</param>
    public Samples(IEnumerable<double> values)
    {
        _sorted = [.. values];
        Array.Sort(_sorted);
    }

    public double Median => (_sorted[(_sorted.Length - 1) / 2] + _sorted[_sorted.Length / 2]) / 2;

    /// <summary>Formats a row of a Markdown table: the name, the median, the smallest, and the largest.</summary>
    public string ToRow(string name, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"| {name} | {Median:F2}{unit} | {_sorted[0]:F2}{unit} | {_sorted[^1]:F2}{unit} |");
}
