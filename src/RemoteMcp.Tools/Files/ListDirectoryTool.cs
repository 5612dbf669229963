using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Tools.Files.Search;
using RemoteMcp.Tools.Files.Store;
using RemoteMcp.Tools.Files.Text;
using RemoteMcp.Tools.Shared;

namespace RemoteMcp.Tools.Files;

/// <summary>An entry of a directory.</summary>
internal sealed record DirectoryEntry(
    [property: Description("The path, relative to the shared folder. Use it in the other file tools.")] string Path,
    [property: Description("The type of the entry. Only files have a size. A link leads to another place in the shared folder, or cannot "
        + "be followed.")] FileKind Type)
{
    /// <summary>Gets the size in bytes.</summary>
    [Description("The size in bytes.")]
    public long? Size { get; init; }

    /// <summary>Gets the time of the last write.</summary>
    [Description("When it was last written.")]
    public DateTimeOffset? Modified { get; init; }
}

/// <summary>The structured result of the <c>list_directory</c> tool.</summary>
internal sealed record ListDirectoryResult(
    [property: Description("The directory, relative to the shared folder.")] string Path,
    [property: Description("Its entries, ordered by path.")] IReadOnlyList<DirectoryEntry> Entries,
    [property: Description("Whether there are, or may be, more entries than these.")] bool Truncated)
{
    /// <summary>Gets the cursor of the next page.</summary>
    [Description("The cursor for the next page. Use it with the same arguments.")]
    public string? NextCursor { get; init; }
}

/// <summary>Provides the <c>list_directory</c> tool, which lists a directory of the shared folder.</summary>
[McpServerToolType]
internal sealed class ListDirectoryTool(IFileStore store, IOptions<FilesOptions> options, TimeProvider time)
{
    private const int DefaultLimit = 200;
    private const int MaxLimit = 1000;

    /// <summary>Lists the entries of a directory.</summary>
    [McpServerTool(
        Name = "list_directory", Title = "List directory", ReadOnly = true, Idempotent = true, Destructive = false, OpenWorld = false,
        UseStructuredContent = true, OutputSchemaType = typeof(ListDirectoryResult))]
    [Description("Lists the entries of a directory in the shared folder, including hidden ones, ordered by path. With recursive and "
        + "file_pattern, it finds files by name in the whole tree.")]
    public async Task<CallToolResult> ListAsync(
        IProgress<ProgressNotificationValue> progress,
        [Description("The directory, relative to the shared folder, with '/' between names.")] string path = ".",
        [Description("Lists all files in the tree below the directory instead of the directory's own entries.")] bool recursive = false,
        [Description("Glob pattern of the entries to list: * within a name, ** across directories, {a,b} for alternatives. Case is "
            + "ignored. Without '/', it is matched against names."),
            MaxLength(GlobFilter.MaxLength)] string file_pattern = DefaultGlobs.Include,
        [Description("Only with recursive: glob pattern of the directories and files to exclude. Use an empty string to "
            + "exclude nothing."), MaxLength(GlobFilter.MaxLength)] string exclude_pattern = DefaultGlobs.Exclude,
        [Description("The maximum number of entries to return."), Range(1, MaxLimit)] int limit = DefaultLimit,
        [Description("next_cursor of the previous page.")] string? cursor = null,
        CancellationToken cancellationToken = default)
    {
        var directory = PathArgument.Parse(path);
        var include = GlobFilter.Including(file_pattern, nameof(file_pattern));
        var exclude = GlobFilter.Excluding(recursive ? exclude_pattern : "", nameof(exclude_pattern));
        var after = PagePosition.Parse(
            OpaqueCursor.Read(cursor, "list_directory", directory, recursive, file_pattern, exclude_pattern))?.Path;

        using var deadline = new CancellationTokenSource(options.Value.TimeLimit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        await using var heartbeat = ProgressHeartbeat.Start(progress, time, $"Listing {directory}");
        var found = recursive
            ? store.WalkAsync(directory, after, below => !exclude.IsMatch(below, directory), stop.Token)
            : store.ListAsync(directory, after, stop.Token);
        var entries = new List<FileEntry>();
        string? next = null;
        var seen = after;
        try
        {
            await foreach (var entry in found)
            {
                if (include.IsMatch(entry.Path, directory) && !exclude.IsMatch(entry.Path, directory))
                {
                    if (entries.Count == limit)
                    {
                        next = seen;
                        break;
                    }

                    entries.Add(entry);
                }

                seen = entry.Position;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && deadline.IsCancellationRequested)
        {
            // An empty position is before the first entry.
            next = seen ?? "";
        }

        var result = new ListDirectoryResult(directory.ToString(), [.. entries.Select(ToEntry)], Truncated: next is not null)
        {
            NextCursor = next is null ? null : OpaqueCursor.Write(
                new PagePosition(next, 0).ToString(), "list_directory", directory, recursive, file_pattern, exclude_pattern),
        };
        return ToolResult.Of(result, Render(result, entries, directory));
    }

    private static DirectoryEntry ToEntry(FileEntry entry) =>
        new(entry.Path.Value, entry.Kind) { Size = entry.Length, Modified = entry.LastModified };

    private static string Render(ListDirectoryResult result, List<FileEntry> entries, FilePath directory)
    {
        var text = new StringBuilder();
        foreach (var entry in entries)
        {
            var detail = entry.Kind switch
            {
                FileKind.File => string.Create(CultureInfo.InvariantCulture, $"  {entry.Length} bytes"),
                FileKind.Directory => "/",
                FileKind.Link => "  (link)",
                _ => "  (device, pipe or socket)",
            };
            text.Append(VisibleText.Of(entry.Path.Below(directory))).Append(detail).Append('\n');
        }

        var end = (entries.Count, result.Truncated) switch
        {
            (0, false) => $"No matching entries in '{directory}'.",
            (_, false) => "",
            (_, true) => $"There is more: call again with the same arguments and cursor '{result.NextCursor}'.",
        };
        return text.Append(end).ToString();
    }
}
