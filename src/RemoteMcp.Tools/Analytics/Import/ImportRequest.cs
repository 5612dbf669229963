namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>What to import, and how.</summary>
/// <param name="Path">The file.</param>
/// <param name="DryRun">Only read it and say what would be imported; needs no storage.</param>
/// <param name="Strict">Import nothing when a line is bad.</param>
internal sealed record ImportRequest(string Path, bool DryRun = false, bool Strict = false);

/// <summary>How far an import is.</summary>
/// <param name="Checking">Whether this is the reading that a strict import or a dry run begins with.</param>
/// <param name="Bytes">What is read of the file.</param>
/// <param name="TotalBytes">The file's size.</param>
/// <param name="Lines">How many lines were read.</param>
internal readonly record struct ImportProgress(bool Checking, long Bytes, long TotalBytes, long Lines);

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
internal sealed record ImportReport(ImportOutcome Outcome, string Id, Store.ImportRecord Import, BadLines Bad, IReadOnlyList<string> Merged);
