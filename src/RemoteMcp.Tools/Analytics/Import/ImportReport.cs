using RemoteMcp.Tools.Analytics.Store;

namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>The outcome of an import.</summary>
internal enum ImportOutcome
{
    /// <summary>The file was imported and counts now.</summary>
    Imported,

    /// <summary>The file was imported before. Nothing was done.</summary>
    AlreadyImported,

    /// <summary>The file was only read, as requested.</summary>
    Checked,

    /// <summary>None of the events count, because lines are invalid and the import is strict, or because all lines are invalid.</summary>
    Refused,
}

/// <summary>The report of an import.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Id">The SHA-256 of the file, which identifies the import.</param>
/// <param name="Import">The record of the data that counts, or would count.</param>
/// <param name="Bad">The lines that were skipped.</param>
/// <param name="Merged">The dimensions with more values than are kept separately, as <c>metric by dimension</c>.</param>
internal sealed record ImportReport(ImportOutcome Outcome, string Id, ImportRecord Import, BadLines Bad, IReadOnlyList<string> Merged);
