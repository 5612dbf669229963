using System.Runtime.CompilerServices;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace RemoteMcp.Tools.Files.Store.Blobs;

/// <summary>
/// Lists one level of the names in a container, as entries of a directory in the order that <see cref="FileEntry.Position"/> defines.
/// </summary>
/// <remarks>
/// Accounts order names differently (by UTF-8, by UTF-16, or by name with a hierarchical namespace), and the client library moves the
/// folders of a page to the front. The code therefore does not rely on any order. It reads the whole level, and keeps a limited number of
/// the first entries in sorted order. If the level has more entries, it is read again, so that memory does not grow.
/// </remarks>
/// <param name="container">The container.</param>
/// <param name="directory">The path of the directory in the store.</param>
/// <param name="prefix">The prefix of the blob names in the directory. It is empty or ends with a slash.</param>
/// <param name="capacity">The maximum number of entries to keep in memory.</param>
internal sealed class BlobLevel(BlobContainerClient container, FilePath directory, string prefix, int capacity)
{
    private static readonly Comparer<FileEntry> s_byPosition =
        Comparer<FileEntry>.Create(static (a, b) => string.CompareOrdinal(a.Position, b.Position));

    /// <summary>Gets whether the storage has any name on this level. The value is valid after the level was read.</summary>
    public bool Exists { get; private set; }

    /// <summary>Reads the entries, in ordinal order of <see cref="FileEntry.Position"/>.</summary>
    /// <param name="isWanted">A predicate that returns whether to include an entry.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    public async IAsyncEnumerable<FileEntry> ReadAsync(
        Func<FileEntry, bool> isWanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        bool hasMore;
        do
        {
            var start = after;
            (var first, hasMore) = await FirstAsync(
                entry => isWanted(entry) && (start is null || string.CompareOrdinal(entry.Position, start) > 0), cancellationToken);
            foreach (var entry in first)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return entry;
            }

            after = first.Max?.Position;
        }
        while (hasMore);
    }

    private async Task<(SortedSet<FileEntry> First, bool HasMore)> FirstAsync(
        Func<FileEntry, bool> isWanted, CancellationToken cancellationToken)
    {
        var first = new SortedSet<FileEntry>(s_byPosition);
        var hasMore = false;
        // Without BlobStates, the listing has only current blobs, and no versions, snapshots or deleted blobs.
        var listing = new GetBlobsByHierarchyOptions { Delimiter = "/", Prefix = prefix, Traits = BlobTraits.Metadata };
        try
        {
            await foreach (var item in container.GetBlobsByHierarchyAsync(listing, cancellationToken))
            {
                Exists = true;
                if (Describe(item) is { } entry && isWanted(entry) && first.Add(entry) && first.Count > capacity)
                {
                    first.Remove(first.Max!);
                    hasMore = true;
                }
            }
        }
        catch (Exception exception) when (BlobErrors.Explain(exception, directory, cancellationToken) is { } explained)
        {
            throw explained;
        }

        return (first, hasMore);
    }

    private FileEntry? Describe(BlobHierarchyItem item)
    {
        var name = item.IsPrefix ? item.Prefix[prefix.Length..^1] : item.Blob.Name[prefix.Length..];
        // A blob whose name is the prefix itself, with the slash, marks the directory. Its name on this level is empty, which is not a
        // valid path.
        if (!directory.TryChild(name, out var path))
        {
            return null;
        }

        return item.IsPrefix || BlobEntry.IsFolder(item.Blob.Metadata) ? new FileEntry(path, FileKind.Directory)
            : BlobEntry.Describe(
                path, item.Blob.Properties.ContentLength ?? 0, item.Blob.Properties.LastModified, item.Blob.Properties.ETag);
    }
}
