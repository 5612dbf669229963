using RemoteMcp.Tools.Analytics.Store;

namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>How an import ended.</summary>
internal enum ImportOutcome
{
    /// <summary>The file counts now.</summary>
    Imported,

    /// <summary>It did before; nothing was done.</summary>
    AlreadyImported,

    /// <summary>It was only read, as was asked for.</summary>
    Checked,

    /// <summary>Nothing of it counts, because lines are bad and the import is strict, or because all of them are.</summary>
    Refused,
}

/// <summary>What an import came to.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Id">The SHA-256 of the file, which names the import.</param>
/// <param name="Import">What counts, or would.</param>
/// <param name="Bad">The lines that were left out.</param>
/// <param name="Merged">Dimensions with more values than are told apart, as <c>metric by dimension</c>.</param>
internal sealed record ImportReport(ImportOutcome Outcome, string Id, ImportRecord Import, BadLines Bad, IReadOnlyList<string> Merged);
