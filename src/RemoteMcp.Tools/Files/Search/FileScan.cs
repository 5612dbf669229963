using RemoteMcp.Tools.Files.Store;

namespace RemoteMcp.Tools.Files.Search;

/// <summary>A file to search.</summary>
/// <param name="Path">The path of the file.</param>
/// <param name="AfterLine">The line after which the scan starts.</param>
/// <param name="Before">The position where a search continues if it ends before this file.</param>
internal readonly record struct Candidate(FilePath Path, long AfterLine, PagePosition? Before);

/// <summary>The reason why the scan of a file ended.</summary>
internal enum ScanEnd
{
    /// <summary>The scan reached the end of the file.</summary>
    Complete,

    /// <summary>The scan found the requested number of matches.</summary>
    Full,

    /// <summary>The time limit was reached.</summary>
    Interrupted,

    /// <summary>The file was not scanned because it is binary, was deleted or cannot be read.</summary>
    Skipped,
}

/// <summary>The result of the scan of one file.</summary>
/// <param name="File">The file.</param>
/// <param name="End">The reason why the scan ended.</param>
/// <param name="Matches">The matches, ordered by line.</param>
/// <param name="LastLine">The number of the last line that was searched.</param>
internal sealed record FileScan(Candidate File, ScanEnd End, IReadOnlyList<SearchMatch> Matches, long LastLine);
