using RemoteMcp.Tools.Files.Text;

namespace RemoteMcp.Tools.Files.Changes;

/// <summary>Finds the lines that two versions of a text have in common, in order (the longest common subsequence).</summary>
/// <remarks>
/// The cost grows with the product of the changed lines of both versions. If it exceeds <see cref="MaxCost"/>, only the common lines at the
/// start and the end are found.
/// </remarks>
internal sealed class LineMatching
{
    private const int MaxCost = 1_000_000;

    private readonly int[] _oldOfNew;
    private readonly int _oldLines;

    private LineMatching(int[] oldOfNew, int oldLines, bool isComplete) =>
        (_oldOfNew, _oldLines, IsComplete) = (oldOfNew, oldLines, isComplete);

    /// <summary>Gets whether all common lines were found.</summary>
    public bool IsComplete { get; }

    /// <summary>Compares two versions of a text. Line breaks are not compared.</summary>
    public static LineMatching Find(string oldText, List<TextLine> oldLines, string newText, List<TextLine> newLines)
    {
        var oldOfNew = new int[newLines.Count];
        Array.Fill(oldOfNew, -1);
        var (start, oldEnd, newEnd) = (0, oldLines.Count, newLines.Count);
        for (; start < Math.Min(oldEnd, newEnd) && AreEqual(start, start); start++)
        {
            oldOfNew[start] = start;
        }

        for (; oldEnd > start && newEnd > start && AreEqual(oldEnd - 1, newEnd - 1); oldEnd--, newEnd--)
        {
            oldOfNew[newEnd - 1] = oldEnd - 1;
        }

        var (rows, columns) = (oldEnd - start, newEnd - start);
        if ((long)rows * columns > MaxCost)
        {
            return new LineMatching(oldOfNew, oldLines.Count, isComplete: false);
        }

        // lengths[i, j] is the number of common lines after line i of the old and line j of the new version.
        var lengths = new int[rows + 1, columns + 1];
        for (var i = rows - 1; i >= 0; i--)
        {
            for (var j = columns - 1; j >= 0; j--)
            {
                lengths[i, j] = AreEqual(start + i, start + j)
                    ? lengths[i + 1, j + 1] + 1
                    : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
            }
        }

        for (var (i, j) = (0, 0); i < rows && j < columns;)
        {
            if (AreEqual(start + i, start + j))
            {
                oldOfNew[start + j++] = start + i++;
            }
            else if (lengths[i + 1, j] >= lengths[i, j + 1])
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return new LineMatching(oldOfNew, oldLines.Count, isComplete: true);

        bool AreEqual(int oldLine, int newLine) =>
            oldLines[oldLine].Of(oldText).SequenceEqual(newLines[newLine].Of(newText));
    }

    /// <summary>Returns the number of the old line that a new line is equal to, or -1. Both start at 0.</summary>
    public int OldLineOf(int newLine) => _oldOfNew[newLine];

    /// <summary>
    /// Returns, for each new line, the number of the old line that it is equal to or replaces, or -1 if it is added. Between two common
    /// lines, the first new line replaces the first old line, and so on.
    /// </summary>
    public int[] FindReplacedLines()
    {
        var replaced = new int[_oldOfNew.Length];
        // First, the old line at which the replaced lines end.
        var end = _oldLines;
        for (var i = replaced.Length - 1; i >= 0; i--)
        {
            replaced[i] = end = _oldOfNew[i] >= 0 ? _oldOfNew[i] : end;
        }

        var next = 0;
        for (var i = 0; i < replaced.Length; i++)
        {
            if (_oldOfNew[i] >= 0)
            {
                next = _oldOfNew[i] + 1;
            }
            else
            {
                replaced[i] = next < replaced[i] ? next++ : -1;
            }
        }

        return replaced;
    }
}
