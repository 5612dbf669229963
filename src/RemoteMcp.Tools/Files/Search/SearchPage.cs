namespace RemoteMcp.Tools.Files.Search;

/// <summary>The reason why a page ends before the last file.</summary>
internal enum SearchCut
{
    /// <summary>The page does not end early.</summary>
    None,

    /// <summary>The page has the requested number of matches.</summary>
    Limit,

    /// <summary>The time limit of the search was reached.</summary>
    Time,
}

/// <summary>One page of a search. It is filled file by file, in the order of the paths.</summary>
/// <param name="request">The parameters of the search.</param>
/// <param name="progress">The progress, which is updated after each file.</param>
internal sealed class SearchPage(SearchRequest request, SearchProgress progress)
{
    private readonly List<SearchMatch> _matches = [];

    /// <summary>Gets the matches, ordered by path and line.</summary>
    public IReadOnlyList<SearchMatch> Matches => _matches;

    /// <summary>Gets the number of files that were searched.</summary>
    public int FilesSearched { get; private set; }

    /// <summary>Gets the number of files that were skipped because they are binary or cannot be read.</summary>
    public int FilesSkipped { get; private set; }

    /// <summary>Gets the reason why the page ends before the last file.</summary>
    public SearchCut Cut { get; private set; }

    /// <summary>Gets the position where the next page starts, or <see langword="null"/> if there is no next page.</summary>
    public PagePosition? Next { get; private set; }

    /// <summary>Adds the matches of the next file.</summary>
    /// <returns>Whether the page accepts more matches.</returns>
    public bool Add(FileScan scan)
    {
        var path = scan.File.Path.Value;
        var taken = Math.Min(request.Limit - _matches.Count, scan.Matches.Count);
        _matches.AddRange(scan.Matches.Take(taken));
        if (scan.End == ScanEnd.Interrupted && scan.LastLine <= scan.File.AfterLine)
        {
            // The scan did not reach a new line. If the page began with this file, the whole time limit was not enough, and the next page
            // skips the file. Paging therefore always ends.
            var isStuck = scan.File.Before == request.After;
            FilesSkipped += isStuck ? 1 : 0;
            Cut = SearchCut.Time;
            Next = isStuck ? new PagePosition(path, 0) : scan.File.Before;
            return false;
        }

        FilesSearched += scan.End == ScanEnd.Skipped ? 0 : 1;
        FilesSkipped += scan.End == ScanEnd.Skipped ? 1 : 0;
        var isFull = _matches.Count == request.Limit;
        var isDone = scan.End is (ScanEnd.Complete or ScanEnd.Skipped) && taken == scan.Matches.Count;
        Cut = isFull ? SearchCut.Limit : scan.End == ScanEnd.Interrupted ? SearchCut.Time : SearchCut.None;
        Next = new PagePosition(path, isDone ? 0 : isFull ? _matches[^1].Line : scan.LastLine);
        progress.Update(FilesSearched + FilesSkipped, _matches.Count);
        return Cut == SearchCut.None;
    }

    /// <summary>Ends the page because all files were searched.</summary>
    public void Complete() => Next = null;

    /// <summary>Ends the page because the time limit was reached.</summary>
    /// <param name="seen">
    /// The last file that was found, or <see langword="null"/> if none was found. The page has the results of all files up to this one.
    /// </param>
    public void EndAtTimeLimit(string? seen)
    {
        Cut = SearchCut.Time;
        Next = seen is null ? request.After : new PagePosition(seen, 0);
    }
}
