using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Tools.Files.Search;
using RemoteMcp.Tools.Files.Text;
using RemoteMcp.Tools.Shared;

namespace RemoteMcp.Tools.Files;

/// <summary>The structured result of the <c>search_files</c> tool.</summary>
internal sealed record SearchFilesResult(
    [property: Description("The matching lines, ordered by path and line.")] IReadOnlyList<SearchMatch> Matches,
    [property: Description("The number of files that were searched.")] int FilesSearched,
    [property: Description("The number of files that were skipped because they are binary or cannot be read.")] int FilesSkipped,
    [property: Description("Whether there may be more matches than these.")] bool Truncated)
{
    /// <summary>Gets the number of escapes in the text of the matches.</summary>
    [Description("How many invisible characters the matching lines show as escapes such as \\u202E and \\xE9 (a byte that is not text). "
        + "The files contain the characters, not the escapes. Absent if there are none.")]
    public int? Escapes { get; init; }

    /// <summary>Gets the reason why the result is truncated.</summary>
    [Description("Why the result is truncated: 'limit' (it has the requested number of matches) or 'time' (the time limit of one call "
        + "was reached).")]
    public string? TruncatedBy { get; init; }

    /// <summary>Gets the cursor of the next page.</summary>
    [Description("The cursor for the next page. Use it with the same arguments.")]
    public string? NextCursor { get; init; }
}

/// <summary>Provides the <c>search_files</c> tool, which searches the text of the files in the shared folder.</summary>
[McpServerToolType]
internal sealed class SearchFilesTool(FileSearch search)
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;

    /// <summary>Searches the files.</summary>
    [McpServerTool(
        Name = "search_files", Title = "Search files", ReadOnly = true, Idempotent = true, Destructive = false, OpenWorld = false,
        UseStructuredContent = true, OutputSchemaType = typeof(SearchFilesResult))]
    [Description("Searches the text of files in the shared folder line by line, and returns the matching lines with their numbers, "
        + "ordered by path and line. Skips binary files, does not follow links, and excludes .git and node_modules unless exclude_pattern "
        + "says otherwise. To find files by name, use list_directory with recursive and file_pattern.")]
    public async Task<CallToolResult> SearchAsync(
        [Description("The text to find within a line."), StringLength(LineQuery.MaxLength, MinimumLength = 1)] string query,
        IProgress<ProgressNotificationValue> progress,
        [Description("Glob pattern of the files to search: * within a name, ** across directories, {a,b} for alternatives. Case is "
            + "ignored. Without '/', it is matched against names, such as '*.{cs,md}'. With '/', it is matched against paths below path, "
            + "such as 'src/**/*.cs'."), MaxLength(GlobFilter.MaxLength)] string file_pattern = DefaultGlobs.Include,
        [Description("The directory or file to search, relative to the shared folder, with '/' between names.")] string path = ".",
        [Description("Treats query as a regular expression (.NET syntax without lookarounds, backreferences and atomic groups) instead "
            + "of plain text.")] bool regex = false,
        [Description("Distinguishes between uppercase and lowercase letters.")] bool case_sensitive = false,
        [Description("Glob pattern of the directories and files to exclude. Use an empty string to "
            + "search everything."), MaxLength(GlobFilter.MaxLength)] string exclude_pattern = DefaultGlobs.Exclude,
        [Description("The maximum number of matching lines to return."), Range(1, MaxLimit)] int limit = DefaultLimit,
        [Description("next_cursor of the previous page.")] string? cursor = null,
        CancellationToken cancellationToken = default)
    {
        var start = PathArgument.Parse(path);
        var request = new SearchRequest(
            start,
            LineQuery.Parse(query, regex, case_sensitive),
            GlobFilter.Including(file_pattern, nameof(file_pattern)),
            GlobFilter.Excluding(exclude_pattern, nameof(exclude_pattern)),
            limit,
            PagePosition.Parse(
                OpaqueCursor.Read(cursor, "search_files", query, file_pattern, start, regex, case_sensitive, exclude_pattern)));

        var page = await search.RunAsync(request, progress, cancellationToken);

        var (matches, escapes) = Show(page.Matches);
        var result = new SearchFilesResult(matches, page.FilesSearched, page.FilesSkipped, Truncated: page.Cut != SearchCut.None)
        {
            Escapes = escapes > 0 ? escapes : null,
            TruncatedBy = page.Cut switch { SearchCut.Limit => "limit", SearchCut.Time => "time", _ => null },
            NextCursor = page.Next is { } next
                ? OpaqueCursor.Write(next.ToString(), "search_files", query, file_pattern, start, regex, case_sensitive, exclude_pattern)
                : null,
        };
        return ToolResult.Of(result, Render(result));
    }

    private static (List<SearchMatch> Matches, int Escapes) Show(IReadOnlyList<SearchMatch> found)
    {
        var (matches, escapes) = (new List<SearchMatch>(found.Count), 0);
        foreach (var match in found)
        {
            matches.Add(match with { Text = VisibleText.Of(match.Text, out var count) });
            escapes += count;
        }

        return (matches, escapes);
    }

    private static string Render(SearchFilesResult result)
    {
        var text = new StringBuilder();
        string? file = null;
        foreach (var match in result.Matches)
        {
            if (match.Path != file)
            {
                text.Append(VisibleText.Of(file = match.Path)).Append('\n');
            }

            text.Append(CultureInfo.InvariantCulture, $"{match.Line,6}: {match.Text}\n");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"Matching lines: {result.Matches.Count}. Files searched: {result.FilesSearched}. "
                + $"Files skipped (binary or unreadable): {result.FilesSkipped}.\n");
        if (result.Escapes is { } escapes)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"Invisible characters shown as escapes: {escapes}. The files contain the characters, not the escapes.\n");
        }

        var more = (result.TruncatedBy, result.NextCursor) switch
        {
            (null, _) => "",
            ("time", null) => "The time limit of one call was reached. Narrow path or file_pattern.",
            ("time", _) => "The time limit of one call was reached. Narrow path or file_pattern, or continue with the same arguments and "
                + $"cursor '{result.NextCursor}'.",
            _ => $"There may be more: call again with the same arguments and cursor '{result.NextCursor}'.",
        };
        return text.Append(more).ToString();
    }
}
