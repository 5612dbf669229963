namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>How far an import is.</summary>
/// <param name="Checking">Whether this is the reading that a strict import or a dry run begins with.</param>
/// <param name="Bytes">What is read of the file.</param>
/// <param name="TotalBytes">The file's size.</param>
/// <param name="Lines">How many lines were read.</param>
internal readonly record struct ImportProgress(bool Checking, long Bytes, long TotalBytes, long Lines);
