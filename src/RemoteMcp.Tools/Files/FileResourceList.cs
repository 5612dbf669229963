using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RemoteMcp.Tools.Files.Search;
using RemoteMcp.Tools.Files.Store;
using RemoteMcp.Tools.Shared;

namespace RemoteMcp.Tools.Files;

/// <summary>
/// Lists the files that can be attached as resources, in pages, ordered by path. Omits <c>.git</c> and <c>node_modules</c>.
/// </summary>
/// <param name="store">The file store.</param>
internal sealed class FileResourceList(IFileStore store)
{
    /// <summary>The number of resources on a page. Clients request all pages, and the TypeScript SDK 2.x stops after 64 pages.</summary>
    public const int PageSize = 1000;

    private static readonly GlobFilter s_exclude = GlobFilter.Excluding(DefaultGlobs.Exclude, "exclude");

    /// <summary>Lists one page.</summary>
    /// <param name="cursor">The cursor from the previous page, or <see langword="null"/> for the first page.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    /// <exception cref="McpProtocolException">
    /// The cursor is not from this server. The error is "Invalid params", as the specification requires ("Pagination").
    /// </exception>
    public async ValueTask<ListResourcesResult> ListAsync(string? cursor, CancellationToken cancellationToken)
    {
        PagePosition start = default;
        if (cursor is not null
            && !(OpaqueCursor.TryRead(cursor, out var position, "resources/list") && PagePosition.TryParse(position, out start)))
        {
            throw new McpProtocolException(
                "cursor: is not a cursor from resources/list. Omit it to start over.", McpErrorCode.InvalidParams);
        }

        var result = new ListResourcesResult();
        FileEntry? last = null;
        await foreach (var file in store.WalkAsync(FilePath.Root, start.Path, IsShown, cancellationToken).Where(file => IsShown(file.Path)))
        {
            if (result.Resources.Count == PageSize)
            {
                result.NextCursor = OpaqueCursor.Write(new PagePosition(last!.Position, 0).ToString(), "resources/list");
                break;
            }

            result.Resources.Add(ToResource(last = file));
        }

        return result;
    }

    private static bool IsShown(FilePath path) => !s_exclude.IsMatch(path, FilePath.Root);

    private static Resource ToResource(FileEntry file) => new()
    {
        Uri = FileUri.Of(file.Path),
        Name = file.Path.Value,
        MimeType = MimeTypes.Of(file.Path),
        Size = file.Length,
        Annotations = file.LastModified is { } modified ? new Annotations { LastModified = modified } : null,
    };
}
