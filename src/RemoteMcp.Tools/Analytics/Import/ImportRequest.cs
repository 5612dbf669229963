namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>What to import, and how.</summary>
/// <param name="Path">The file.</param>
/// <param name="DryRun">Only read it and say what would be imported; needs no storage.</param>
/// <param name="Strict">Import nothing when a line is bad.</param>
internal sealed record ImportRequest(string Path, bool DryRun = false, bool Strict = false);
