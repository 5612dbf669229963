using System.Runtime.CompilerServices;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace RemoteMcp.Tools.Files.Store.Blobs;

/// <summary>
/// One level of a container's names, as the entries of a directory in the order of the port.
/// </summary>
/// <remarks>
/// Accounts order names differently (by UTF-8, by UTF-16, with a hierarchical namespace by name), and the client library moves the
/// folders of a page to its front. So none of it is relied on: the level is read through, and the first entries of it are kept in order, a
/// bounded number. What is more costs another reading, not more memory.
/// </remarks>
/// <param name="container">The container.</param>
/// <param name="directory">The directory, as entries name it.</param>
/// <param name="prefix">What its blobs' names start with: empty, or ending with a slash.</param>
/// <param name="capacity">The most entries to hold.</param>
internal sealed class BlobLevel(BlobContainerClient container, FilePath directory, string prefix, int capacity)
{
    private static readonly Comparer<FileEntry> ByPosition = Comparer<FileEntry>.Create(static (a, b) => string.CompareOrdinal(a.Position, b.Position));

    /// <summary>Whether the storage knows any name on this level, once it was read.</summary>
    public bool Exists { get; private set; }

    /// <summary>Reads the entries, in ordinal order of <see cref="FileEntry.Position"/>.</summary>
    /// <param name="isWanted">Which ones.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async IAsyncEnumerable<FileEntry> ReadAsync(Func<FileEntry, bool> isWanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        bool hasMore;
        do
        {
            string? start = after;
            (SortedSet<FileEntry> first, hasMore) = await FirstAsync(entry => isWanted(entry) && (start is null || string.CompareOrdinal(entry.Position, start) > 0), cancellationToken);
            foreach (FileEntry entry in first)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return entry;
            }

            after = first.Max?.Position;
        }
        while (hasMore);
    }

    private async Task<(SortedSet<FileEntry> First, bool HasMore)> FirstAsync(Func<FileEntry, bool> isWanted, CancellationToken cancellationToken)
    {
        var first = new SortedSet<FileEntry>(ByPosition);
        bool hasMore = false;
        // Without BlobStates: what is current, and nothing of versions, snapshots or deleted blobs.
        var listing = new GetBlobsByHierarchyOptions { Delimiter = "/", Prefix = prefix, Traits = BlobTraits.Metadata };
        try
        {
            await foreach (BlobHierarchyItem item in container.GetBlobsByHierarchyAsync(listing, cancellationToken))
            {
                Exists = true;
                if (Describe(item) is { } entry && isWanted(entry) && first.Add(entry) && first.Count > capacity)
                {
                    first.Remove(first.Max!);
                    hasMore = true;
                }
            }
        }
        catch (Exception error) when (BlobErrors.Explain(error, directory, cancellationToken) is { } explained)
        {
            throw explained;
        }

        return (first, hasMore);
    }

    private FileEntry? Describe(BlobHierarchyItem item)
    {
        string name = item.IsPrefix ? item.Prefix[prefix.Length..^1] : item.Blob.Name[prefix.Length..];
        // A blob that is named like this directory, slash included, marks the directory: its own name here is empty, and no path.
        if (!directory.TryChild(name, out FilePath path))
        {
            return null;
        }

        return item.IsPrefix || BlobEntry.IsFolder(item.Blob.Metadata) ? new FileEntry(path, FileKind.Directory)
            : BlobEntry.Describe(path, item.Blob.Properties.ContentLength ?? 0, item.Blob.Properties.LastModified, item.Blob.Properties.ETag);
    }
}
