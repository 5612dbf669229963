using System.Text;
using System.Text.Json;
using RemoteMcp.Tools.Shared;

namespace RemoteMcp.Tools.Azure;

/// <summary>What Azure answers, as text for a model: data of any origin, which must not break out of its place.</summary>
internal static class AzureText
{
    private const int MaxCell = 500;

    /// <summary>A cell of a table.</summary>
    public static string Cell(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.String => Cell(value.GetString()!),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => Cell(value.GetRawText()),
    };

    /// <summary>Text in a cell or a sentence.</summary>
    public static string Cell(string text) => SafeText.Cell(text, MaxCell);

    /// <summary>A Markdown table. Unpadded: cells can be long.</summary>
    public static void AppendTable(StringBuilder text, IReadOnlyList<string> header, IEnumerable<IEnumerable<string>> rows)
    {
        if (header.Count == 0)
        {
            return;
        }

        AppendRow(text, header.Select(Cell));
        AppendRow(text, header.Select(static _ => "---"));
        foreach (IEnumerable<string> row in rows)
        {
            AppendRow(text, row);
        }
    }

    /// <summary>The notes below a result, one a line.</summary>
    public static void AppendNotes(StringBuilder text, IReadOnlyList<string>? notes)
    {
        foreach (string note in notes ?? [])
        {
            text.Append("Note: ").Append(note).Append('\n');
        }
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
