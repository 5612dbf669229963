namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>The progress of an import.</summary>
/// <param name="Checking">Whether this is the first read of the file, which a strict import or a dry run does.</param>
/// <param name="Bytes">The number of bytes that were read.</param>
/// <param name="TotalBytes">The size of the file.</param>
/// <param name="Lines">The number of lines that were read.</param>
internal readonly record struct ImportProgress(bool Checking, long Bytes, long TotalBytes, long Lines);
