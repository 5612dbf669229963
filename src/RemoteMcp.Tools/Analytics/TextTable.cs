using System.Text;

namespace RemoteMcp.Tools.Analytics;

/// <summary>
/// Writes Markdown tables that are also readable as plain text: the first column is aligned left, and numbers are aligned right.
/// </summary>
internal static class TextTable
{
    /// <summary>Appends a table.</summary>
    /// <param name="text">The text to append to.</param>
    /// <param name="header">The names of the columns.</param>
    /// <param name="rows">
    /// The rows. Each has as many cells as the header. The caller passes untrusted text through <see cref="RemoteMcp.ToolCalls.SafeText.Cell"/>.
    /// </param>
    public static void Append(StringBuilder text, string[] header, IEnumerable<string[]> rows)
    {
        List<string[]> all = [header, .. rows];
        int[] widths = [.. header.Select((_, column) => all.Max(row => row[column].Length))];
        AppendRow(text, header, widths);
        text.Append('|').Append('-', widths[0] + 2);
        foreach (int width in widths[1..])
        {
            text.Append('|').Append('-', width + 1).Append(':');
        }

        text.Append("|\n");
        foreach (string[] row in all[1..])
        {
            AppendRow(text, row, widths);
        }
    }

    private static void AppendRow(StringBuilder text, string[] row, int[] widths)
    {
        text.Append("| ").Append(row[0].PadRight(widths[0]));
        for (int column = 1; column < row.Length; column++)
        {
            text.Append(" | ").Append(row[column].PadLeft(widths[column]));
        }

        text.Append(" |\n");
    }
}
