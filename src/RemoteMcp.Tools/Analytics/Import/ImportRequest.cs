namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>The parameters of an import.</summary>
/// <param name="Path">The path of the file.</param>
/// <param name="DryRun">Whether to only read the file and report what would be imported. Needs no storage.</param>
/// <param name="Strict">Whether to import nothing if a line is invalid.</param>
internal sealed record ImportRequest(string Path, bool DryRun = false, bool Strict = false);
