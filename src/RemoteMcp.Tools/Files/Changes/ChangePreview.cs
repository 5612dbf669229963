using System.Globalization;
using System.Text;
using RemoteMcp.Tools.Files.Text;

namespace RemoteMcp.Tools.Files.Changes;

/// <summary>
/// Shows the user which lines a write changes, in the form of a diff. Each line starts with a marker and shows invisible characters as
/// escapes, so that content cannot look like a part of the question.
/// </summary>
internal static class ChangePreview
{
    /// <summary>The maximum number of lines of the file that a preview shows.</summary>
    public const int MaxLines = 40;

    /// <summary>The maximum length of a line, in UTF-16 characters, without its marker and notes.</summary>
    public const int MaxLineLength = 160;

    private const int Context = 2;
    private const int LastLines = 10;
    private const int FirstLines = MaxLines - LastLines;

    /// <summary>Returns the preview of a draft.</summary>
    public static string Of(FileDraft draft)
    {
        var (first, last) = (new List<Edit>(FirstLines), new Queue<Edit>(LastLines));
        var (added, removed, shown) = (0, 0, 0);
        foreach (var edit in WithContext(Edits(draft)))
        {
            added += edit.Marker == '+' ? 1 : 0;
            removed += edit.Marker == '-' ? 1 : 0;
            shown++;
            if (first.Count < FirstLines)
            {
                first.Add(edit);
                continue;
            }

            if (last.Count == LastLines)
            {
                last.Dequeue();
            }

            last.Enqueue(edit);
        }

        var text = new StringBuilder();
        Append(text, first, draft);
        if (shown - first.Count - last.Count is > 0 and var omitted)
        {
            text.Append(CultureInfo.InvariantCulture, $"… {omitted} more lines are not shown …\n");
        }

        Append(text, last, draft);
        return text.Append(CultureInfo.InvariantCulture, $"(lines added: {added}, removed: {removed})").ToString();
    }

    private static IEnumerable<Edit> Edits(FileDraft draft)
    {
        var oldText = draft.OldText ?? "";
        var (oldLines, newLines) = (TextLine.Split(oldText), TextLine.Split(draft.Text));
        var matching = LineMatching.Find(oldText, oldLines, draft.Text, newLines);
        var (old, current, sequence) = (0, 0, 0);
        while (old < oldLines.Count || current < newLines.Count)
        {
            // The lines before the next unchanged line: first those that are removed, then those that are added.
            var same = current;
            while (same < newLines.Count && !IsSame(same))
            {
                same++;
            }

            var oldSame = same < newLines.Count ? matching.OldLineOf(same) : oldLines.Count;
            while (old < oldSame)
            {
                yield return new Edit('-', oldLines[old++], sequence++);
            }

            while (current < same)
            {
                yield return new Edit('+', newLines[current++], sequence++);
            }

            if (current < newLines.Count)
            {
                yield return new Edit(' ', newLines[current++], sequence++);
                old++;
            }
        }

        bool IsSame(int line) =>
            matching.OldLineOf(line) is >= 0 and var match && oldLines[match].Break == newLines[line].Break;
    }

    // Returns the changed lines, and a few unchanged lines around them.
    private static IEnumerable<Edit> WithContext(IEnumerable<Edit> edits)
    {
        var before = new Queue<Edit>(Context);
        var after = 0;
        foreach (var edit in edits)
        {
            if (edit.Marker != ' ')
            {
                while (before.TryDequeue(out var unchanged))
                {
                    yield return unchanged;
                }

                after = Context;
                yield return edit;
            }
            else if (after > 0)
            {
                after--;
                yield return edit;
            }
            else
            {
                before.Enqueue(edit);
                if (before.Count > Context)
                {
                    before.Dequeue();
                }
            }
        }
    }

    private static void Append(StringBuilder text, IEnumerable<Edit> edits, FileDraft draft)
    {
        int? previous = null;
        foreach (var edit in edits)
        {
            text.Append(edit.Sequence - previous > 1 ? "…\n" : "")
                .Append(edit.Marker)
                .Append(' ')
                .Append(Show(edit.Line, edit.Marker == '-' ? draft.OldText! : draft.Text))
                .Append('\n');
            previous = edit.Sequence;
        }
    }

    private static string Show(TextLine line, string text)
    {
        var content = line.Of(text);
        var shown = VisibleText.Fit(content, MaxLineLength);
        var omitted = content.Length - shown.Length;
        return VisibleText.Of(shown)
            + (omitted > 0 ? string.Create(CultureInfo.InvariantCulture, $"… ({omitted} more characters)") : "")
            + (line.Break switch { TextLine.CrLf => " (CR LF)", "" => " (no line break)", _ => "" });
    }

    private readonly record struct Edit(char Marker, TextLine Line, int Sequence);
}
