using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RemoteMcp.Tools.Files.Search;
using RemoteMcp.Tools.Files.Store;

namespace RemoteMcp.Tools.Files;

/// <summary>The list of the files that can be attached, in pages, ordered by path; without <c>.git</c> and <c>node_modules</c>.</summary>
/// <param name="store">The files.</param>
internal sealed class FileResourceList(IFileStore store)
{
    /// <summary>How many resources a page holds: clients ask for all pages, and the TypeScript SDK 2.x gives up after 64.</summary>
    public const int PageSize = 1000;

    private static readonly GlobFilter Exclude = GlobFilter.Excluding(DefaultGlobs.Exclude, "exclude");

    /// <summary>One page.</summary>
    /// <param name="cursor">The previous page's, or <see langword="null"/> for the first one.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="McpProtocolException">The cursor is none of ours: invalid params, as the specification's "Pagination" says.</exception>
    public async ValueTask<ListResourcesResult> ListAsync(string? cursor, CancellationToken cancellationToken)
    {
        PagePosition start = default;
        if (cursor is not null && !PageCursor.TryRead(cursor, out start, "resources/list"))
        {
            throw new McpProtocolException("cursor: is not one that resources/list gave. Leave it out to start over.", McpErrorCode.InvalidParams);
        }

        var result = new ListResourcesResult();
        FileEntry? last = null;
        await foreach (FileEntry file in store.WalkAsync(FilePath.Root, start.Path, IsShown, cancellationToken).Where(file => IsShown(file.Path)))
        {
            if (result.Resources.Count == PageSize)
            {
                result.NextCursor = PageCursor.Write(new PagePosition(last!.Position, 0), "resources/list");
                break;
            }

            result.Resources.Add(ToResource(last = file));
        }

        return result;
    }

    private static bool IsShown(FilePath path) => !Exclude.IsMatch(path, FilePath.Root);

    private static Resource ToResource(FileEntry file) => new()
    {
        Uri = FileUri.Of(file.Path),
        Name = file.Path.Value,
        MimeType = MimeTypes.Of(file.Path),
        Size = file.Length,
        Annotations = file.LastModified is { } modified ? new Annotations { LastModified = modified } : null,
    };
}
