using System.ComponentModel;
using System.Text.Json;

namespace RemoteMcp.Tools.Azure;

/// <summary>A column of a result.</summary>
internal sealed record ColumnResult(
    [property: Description("The column's name.")] string Name,
    [property: Description("The column's type in Azure, such as string, long, real, datetime, dynamic.")] string Type);

/// <summary>
/// The rows of a result that are kept. The number of rows, the length of all text, and the length of each cell are limited.
/// </summary>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">The rows that are kept. Each has one cell for each column.</param>
/// <param name="Received">The number of rows from Azure, without those that were skipped.</param>
/// <param name="CutCells">The number of cells that were shortened.</param>
/// <param name="EmptyColumns">The number of columns that were left out of a wide result because they are empty in all kept rows.</param>
internal sealed record AzureTable(
    IReadOnlyList<ColumnResult> Columns, IReadOnlyList<IReadOnlyList<JsonElement>> Rows, int Received, int CutCells, int EmptyColumns)
{
    private const int MaxCell = 2_000;
    private const int MaxText = 100_000;
    private const int MaxName = 200;

    // A result with more columns leaves the empty ones out.
    private const int WideColumns = 30;

    public bool IsCut => Rows.Count < Received;

    /// <summary>
    /// Reads a table in the format that Log Analytics and Resource Graph share: columns with a name and a type, and rows as arrays.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="maxRows">The maximum number of rows to keep.</param>
    /// <param name="skip">The number of rows to skip at the start.</param>
    public static AzureTable Read(JsonElement table, int maxRows, int skip = 0)
    {
        ColumnResult[] columns = [.. table.GetProperty("columns").EnumerateArray().Select(static column =>
            new ColumnResult(
                SafeText.Truncate(column.GetProperty("name").GetString()!, MaxName),
                column.GetProperty("type").GetString()!))];
        var all = table.GetProperty("rows");
        var rows = new List<IReadOnlyList<JsonElement>>();
        int textLength = 0, cutCells = 0;
        foreach (var row in all.EnumerateArray().Skip(skip).Take(maxRows))
        {
            if (row.GetArrayLength() != columns.Length)
            {
                throw new JsonException("A row does not have exactly one cell for each column.");
            }

            var cells = new JsonElement[columns.Length];
            var column = 0;
            foreach (var cell in row.EnumerateArray())
            {
                cells[column] = KeepCell(cell, ref textLength, ref cutCells);
                column++;
            }

            if (textLength > MaxText && rows.Count > 0)
            {
                break;
            }

            rows.Add(cells);
        }

        return new AzureTable(columns, rows, Math.Max(0, all.GetArrayLength() - skip), cutCells, EmptyColumns: 0).WithoutEmptyColumns();
    }

    private static JsonElement KeepCell(JsonElement cell, ref int textLength, ref int cutCells)
    {
        var raw = cell.GetRawText();
        var tooLong = raw.Length > MaxCell;
        var kept = tooLong
            ? JsonSerializer.SerializeToElement(
                SafeText.Truncate(cell.ValueKind == JsonValueKind.String ? cell.GetString()! : raw, MaxCell))
            : cell.Clone();
        textLength += Math.Min(raw.Length, MaxCell) + 1;
        cutCells += tooLong ? 1 : 0;
        return kept;
    }

    private AzureTable WithoutEmptyColumns()
    {
        if (Columns.Count <= WideColumns || Rows.Count == 0)
        {
            return this;
        }

        int[] used = [.. Enumerable.Range(0, Columns.Count).Where(column => Rows.Any(row => !IsEmpty(row[column])))];
        return this with
        {
            Columns = [.. used.Select(column => Columns[column])],
            Rows = [.. Rows.Select(row => used.Select(column => row[column]).ToArray())],
            EmptyColumns = Columns.Count - used.Length,
        };
    }

    private static bool IsEmpty(JsonElement cell) =>
        cell.ValueKind is JsonValueKind.Null || (cell.ValueKind == JsonValueKind.String && cell.ValueEquals(""));
}
