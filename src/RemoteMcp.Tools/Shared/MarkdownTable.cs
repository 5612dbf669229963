using System.Text;

namespace RemoteMcp.Tools.Shared;

/// <summary>
/// Writes Markdown tables. The caller passes untrusted text through <see cref="RemoteMcp.ToolCalls.SafeText.Cell"/>, so that it cannot
/// break the table.
/// </summary>
internal static class MarkdownTable
{
    /// <summary>
    /// Appends a table that is also readable as plain text: the first column is aligned left, and numbers in the others are aligned right.
    /// </summary>
    /// <param name="text">The text to append to.</param>
    /// <param name="header">The names of the columns.</param>
    /// <param name="rows">The rows. Each has as many cells as the header.</param>
    public static void AppendAligned(StringBuilder text, string[] header, IEnumerable<string[]> rows)
    {
        List<string[]> all = [header, .. rows];
        int[] widths = [.. header.Select((_, column) => all.Max(row => row[column].Length))];
        AppendRow(text, Padded(header, widths));
        text.Append('|').Append('-', widths[0] + 2);
        foreach (var width in widths[1..])
        {
            text.Append('|').Append('-', width + 1).Append(':');
        }

        text.Append("|\n");
        foreach (var row in all[1..])
        {
            AppendRow(text, Padded(row, widths));
        }
    }

    /// <summary>Appends a table without padding, for cells that can be long. A table without columns is left out.</summary>
    /// <param name="text">The text to append to.</param>
    /// <param name="header">The names of the columns.</param>
    /// <param name="rows">The rows. Each has as many cells as the header.</param>
    public static void Append(StringBuilder text, IReadOnlyList<string> header, IEnumerable<IEnumerable<string>> rows)
    {
        if (header.Count == 0)
        {
            return;
        }

        AppendRow(text, header);
        AppendRow(text, header.Select(static _ => "---"));
        foreach (var row in rows)
        {
            AppendRow(text, row);
        }
    }

    private static IEnumerable<string> Padded(string[] row, int[] widths) =>
        row.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
