using System.Text;
using RemoteMcp.Tools.Files.Text;

namespace RemoteMcp.Tools.Files.Changes;

/// <summary>Gives new text the line breaks of the text that it replaces.</summary>
internal static class LineBreaks
{
    /// <summary>
    /// Returns the new text with the old line breaks. An unchanged line keeps its line break. Any other line gets the line break that the
    /// file uses. If the file uses both, a line that replaces another gets the line break of that line, and an added line gets that of the
    /// previous line. The last line ends with a line break if the last old line does.
    /// </summary>
    /// <returns>The text, or <see langword="null"/> if too many lines of a file with mixed line breaks change.</returns>
    public static string? Keep(string oldText, string newText)
    {
        var (oldLines, newLines) = (TextLine.Split(oldText), TextLine.Split(newText));
        if (oldLines.Count == 0 || newLines.Count == 0)
        {
            return newText;
        }

        var common = CommonBreak(oldLines);
        var isMixed = common is null && oldLines[0].Break.Length > 0;
        // A text that mixes line breaks itself comes from a caller that preserves them.
        var matching = isMixed && CommonBreak(newLines) is not null
            ? LineMatching.Find(oldText, oldLines, newText, newLines)
            : null;
        var replaced = matching?.FindReplacedLines();
        return matching is { IsComplete: false } ? null : Join(newText, newLines, BreakOf, endsWithBreak: oldLines[^1].Break.Length > 0);

        string BreakOf(int line, string before)
        {
            var old = replaced?[line] is >= 0 and var index ? oldLines[index].Break : "";
            return old.Length > 0 ? old
                : common ?? (replaced is not null && before.Length > 0 ? before
                : newLines[line].Break is { Length: > 0 } own ? own
                : before.Length > 0 ? before : TextLine.Lf);
        }
    }

    private static string Join(string text, List<TextLine> lines, Func<int, string, string> breakOf, bool endsWithBreak)
    {
        var joined = new StringBuilder(text.Length);
        var lineBreak = "";
        for (var i = 0; i < lines.Count; i++)
        {
            lineBreak = breakOf(i, lineBreak);
            joined.Append(lines[i].Of(text));
            if (i < lines.Count - 1 || endsWithBreak)
            {
                joined.Append(lineBreak);
            }
        }

        return joined.ToString();
    }

    // Returns the line break of all lines, or null if they have different ones or none.
    private static string? CommonBreak(List<TextLine> lines)
    {
        string? common = null;
        foreach (var line in lines)
        {
            if (line.Break.Length > 0 && common is not null && line.Break != common)
            {
                return null;
            }

            common = line.Break.Length > 0 ? line.Break : common;
        }

        return common;
    }
}
