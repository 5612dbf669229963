namespace RemoteMcp.Tools.Files.Search;

/// <summary>Why a page ends before the last file.</summary>
internal enum SearchCut
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>It holds as many matches as were asked for.</summary>
    Limit,

    /// <summary>The time that a search may take was up.</summary>
    Time,
}

/// <summary>One page of a search, filled file by file in the order of their paths.</summary>
/// <param name="request">What is searched for.</param>
/// <param name="progress">Told of the files searched so far.</param>
internal sealed class SearchPage(SearchRequest request, SearchProgress progress)
{
    private readonly List<SearchMatch> _matches = [];

    /// <summary>The matches, by path and line.</summary>
    public IReadOnlyList<SearchMatch> Matches => _matches;

    /// <summary>How many files were searched.</summary>
    public int FilesSearched { get; private set; }

    /// <summary>How many files were passed over because they are binary or cannot be read.</summary>
    public int FilesSkipped { get; private set; }

    /// <summary>Why the page ends before the last file.</summary>
    public SearchCut Cut { get; private set; }

    /// <summary>Where the next page starts, when there is one.</summary>
    public PagePosition? Next { get; private set; }

    /// <summary>Takes the next file's matches.</summary>
    /// <returns>Whether the page takes more.</returns>
    public bool Add(FileScan scan)
    {
        string path = scan.File.Path.Value;
        int taken = Math.Min(request.Limit - _matches.Count, scan.Matches.Count);
        _matches.AddRange(scan.Matches.Take(taken));
        if (scan.End == ScanEnd.Interrupted && scan.LastLine <= scan.File.AfterLine)
        {
            // A file in which a whole page's time brought no new line is passed over, so that paging always comes to an end.
            bool isStuck = scan.File.Before == request.After;
            FilesSkipped += isStuck ? 1 : 0;
            Cut = SearchCut.Time;
            Next = isStuck ? new PagePosition(path, 0) : scan.File.Before;
            return false;
        }

        FilesSearched += scan.End == ScanEnd.Skipped ? 0 : 1;
        FilesSkipped += scan.End == ScanEnd.Skipped ? 1 : 0;
        bool isFull = _matches.Count == request.Limit;
        bool isDone = scan.End is (ScanEnd.Complete or ScanEnd.Skipped) && taken == scan.Matches.Count;
        Cut = isFull ? SearchCut.Limit : scan.End == ScanEnd.Interrupted ? SearchCut.Time : SearchCut.None;
        Next = new PagePosition(path, isDone ? 0 : isFull ? _matches[^1].Line : scan.LastLine);
        progress.Reach(FilesSearched + FilesSkipped, _matches.Count);
        return Cut == SearchCut.None;
    }

    /// <summary>Ends the page because all files were searched.</summary>
    public void Complete() => Next = null;

    /// <summary>Ends the page because the time is up.</summary>
    /// <param name="seen">The last file that was looked at, when all before it are in the page.</param>
    public void TimeIsUp(string? seen)
    {
        Cut = SearchCut.Time;
        Next = seen is null ? request.After : new PagePosition(seen, 0);
    }
}
