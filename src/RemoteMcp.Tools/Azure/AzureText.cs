using System.Text;
using System.Text.Json;
using RemoteMcp.Tools.Shared;

namespace RemoteMcp.Tools.Azure;

/// <summary>
/// Renders results from Azure as text for a model. The data can come from any source, so it is encoded and cannot break the format of the
/// text.
/// </summary>
internal static class AzureText
{
    private const int MaxCell = 500;

    /// <summary>Returns a value as a cell of a table.</summary>
    public static string Cell(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.String => Cell(value.GetString()!),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => Cell(value.GetRawText()),
    };

    /// <summary>Returns text for a cell or a sentence.</summary>
    public static string Cell(string text) => SafeText.Cell(text, MaxCell);

    /// <summary>Appends a Markdown table. The names of the columns are encoded here, and the cells by the caller.</summary>
    public static void AppendTable(StringBuilder text, IEnumerable<string> header, IEnumerable<IEnumerable<string>> rows) =>
        MarkdownTable.Append(text, [.. header.Select(Cell)], rows);

    /// <summary>Appends the notes below a result, one on each line.</summary>
    public static void AppendNotes(StringBuilder text, IReadOnlyList<string>? notes)
    {
        foreach (var note in notes ?? [])
        {
            text.Append("Note: ").Append(note).Append('\n');
        }
    }
}
