using Azure.Core;

namespace RemoteMcp.Tools.Azure;

/// <summary>Collects notes about a result for the model.</summary>
internal sealed class AzureNotes
{
    private readonly List<string> _notes = [];

    /// <summary>Gets the notes, or <see langword="null"/> if there are none, so that the property is omitted.</summary>
    public IReadOnlyList<string>? All => _notes.Count == 0 ? null : _notes;

    public AzureNotes Add(bool applies, string note)
    {
        if (applies)
        {
            _notes.Add(note);
        }

        return this;
    }

    public AzureNotes AddTable(AzureTable table) => this
        .Add(table.CutCells > 0, $"{table.CutCells} cells were longer than 2,000 characters. They were cut, and end with '…'. Use extend "
            + "or project to extract the parts that you need.")
        .Add(table.EmptyColumns > 0, $"{table.EmptyColumns} columns were omitted because they have no value in these rows.");

    /// <summary>
    /// Adds the state of Resource Graph's quota, so that a model that sends many requests can slow down before it is throttled.
    /// </summary>
    public AzureNotes AddQuota(ResponseHeaders headers) => AzureRetryAfter.UntilQuotaResets(headers) is { } pause
        ? Add(true, $"This was the last query within Azure's quota. Wait {Math.Ceiling(pause.TotalSeconds):0} s before the next one.")
        : this;
}
