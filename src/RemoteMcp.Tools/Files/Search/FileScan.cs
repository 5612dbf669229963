using RemoteMcp.Tools.Files.Store;

namespace RemoteMcp.Tools.Files.Search;

/// <summary>A file to search.</summary>
/// <param name="Path">The file.</param>
/// <param name="AfterLine">The lines up to this one are passed over.</param>
/// <param name="Before">Where a search that ends before this file goes on.</param>
internal readonly record struct Candidate(FilePath Path, long AfterLine, PagePosition? Before);

/// <summary>How far the scan of a file came.</summary>
internal enum ScanEnd
{
    /// <summary>To the end of the file.</summary>
    Complete,

    /// <summary>To as many matches as were wanted.</summary>
    Full,

    /// <summary>To where the time was up.</summary>
    Interrupted,

    /// <summary>Nowhere: the file is binary, gone or cannot be read.</summary>
    Skipped,
}

/// <summary>What was found in one file.</summary>
/// <param name="File">The file.</param>
/// <param name="End">How far the scan came.</param>
/// <param name="Matches">The matches, by line.</param>
/// <param name="LastLine">The last line that was searched.</param>
internal sealed record FileScan(Candidate File, ScanEnd End, IReadOnlyList<SearchMatch> Matches, long LastLine);
