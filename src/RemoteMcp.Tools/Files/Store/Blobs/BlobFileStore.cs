using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace RemoteMcp.Tools.Files.Store.Blobs;

/// <summary>A container of Azure Blob Storage, or a folder in it, as a file store.</summary>
/// <remarks>
/// <para>
/// A slash in a blob's name divides folder from name, so a folder is there when a name needs it, or when a blob marks it (a name that ends
/// with a slash, or the mark of Data Lake Storage). Names that are no paths (<see cref="FilePathRules"/>) are left out. Where a blob is
/// named like a folder, both are listed: reading and searching that path mean the blob, and listing it means the folder.
/// </para>
/// <para>Only current blobs are read; nothing is written, so versions, snapshots and leases do not matter.</para>
/// </remarks>
/// <param name="container">The container.</param>
/// <param name="folder">What is shared of it; the root for all.</param>
/// <param name="levelCapacity">How many entries of one folder are held at a time.</param>
internal sealed class BlobFileStore(BlobContainerClient container, FilePath folder, int levelCapacity = BlobFileStore.LevelCapacity) : IFileStore
{
    // About 6 MB.
    private const int LevelCapacity = 20_000;

    private readonly string _prefix = folder.IsRoot ? "" : folder.Value + "/";

    /// <inheritdoc/>
    public async ValueTask<FileEntry> GetAsync(FilePath path, CancellationToken cancellationToken)
    {
        if (path.IsRoot)
        {
            return new FileEntry(path, FileKind.Directory);
        }

        return await FindBlobAsync(path, cancellationToken)
            ?? (await IsFolderAsync(path, cancellationToken) ? new FileEntry(path, FileKind.Directory) : throw new FileProblemException(FileProblem.NotFound, path));
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<FileEntry> ListAsync(FilePath directory, string? after, CancellationToken cancellationToken) =>
        ReadLevelAsync(directory, entry => IsAfter(entry, after), isFirst: true, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<FileEntry> WalkAsync(
        FilePath directory, string? after, Func<FilePath, bool> enter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var levels = new Stack<IAsyncEnumerator<FileEntry>>();
        levels.Push(OpenLevel(directory, isFirst: true));
        try
        {
            while (levels.TryPeek(out IAsyncEnumerator<FileEntry>? level))
            {
                if (!await level.MoveNextAsync())
                {
                    await levels.Pop().DisposeAsync();
                }
                else if (level.Current.Kind == FileKind.File)
                {
                    yield return level.Current;
                }
                else if (enter(level.Current.Path))
                {
                    levels.Push(OpenLevel(level.Current.Path, isFirst: false));
                }
            }
        }
        finally
        {
            foreach (IAsyncEnumerator<FileEntry> level in levels)
            {
                await level.DisposeAsync();
            }
        }

        IAsyncEnumerator<FileEntry> OpenLevel(FilePath path, bool isFirst) =>
            ReadLevelAsync(path, entry => IsAfter(entry, after) || MayHoldAfter(entry, after), isFirst, cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<FileContent> OpenAsync(FilePath path, long offset, CancellationToken cancellationToken)
    {
        if (path.IsRoot)
        {
            throw new FileProblemException(FileProblem.IsDirectory, path);
        }

        BlobClient blob = BlobAt(path);
        try
        {
            BlobDownloadStreamingResult first = await blob.DownloadStreamingAsync(new BlobDownloadOptions { Range = new HttpRange(offset, BlobRangeStream.RangeLength) }, cancellationToken);
            if (BlobEntry.IsFolder(first.Details.Metadata))
            {
                first.Dispose();
                throw new FileProblemException(FileProblem.IsDirectory, path);
            }

            FileEntry entry = BlobEntry.Describe(path, WholeLength(first.Details.ContentRange), first.Details.LastModified, first.Details.ETag);
            return new FileContent(entry, new BlobRangeStream(blob, entry, first.Details.ETag, offset, first.Content));
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.InvalidRange || error.IsBlobNotFound())
        {
            // At or beyond the end of the blob, which an empty one's first byte is too; or a folder.
            FileEntry entry = await GetAsync(path, cancellationToken);
            return entry.Kind == FileKind.File ? new FileContent(entry, Stream.Null) : throw new FileProblemException(FileProblem.IsDirectory, path);
        }
        catch (Exception error) when (BlobErrors.Explain(error, path, cancellationToken) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>Whether the container answers and lets the server list it.</summary>
    /// <exception cref="FileStoreUnavailableException">It does not.</exception>
    public Task ProbeAsync(CancellationToken cancellationToken) => IsFolderAsync(FilePath.Root, cancellationToken);

    private static bool IsAfter(FileEntry entry, string? after) => after is null || string.CompareOrdinal(entry.Position, after) > 0;

    private static bool MayHoldAfter(FileEntry entry, string? after) =>
        entry.Kind == FileKind.Directory && after!.StartsWith(entry.Position, StringComparison.Ordinal);

    // "bytes 0-99/1000" (RFC 9110, section 14.4); Azurite writes "bytes 7-6/7" beyond the end, which the framework's parser refuses.
    private static long WholeLength(string contentRange) => long.Parse(contentRange.AsSpan(contentRange.LastIndexOf('/') + 1), NumberStyles.None, CultureInfo.InvariantCulture);

    private async IAsyncEnumerable<FileEntry> ReadLevelAsync(
        FilePath directory, Func<FileEntry, bool> isWanted, bool isFirst, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var level = new BlobLevel(container, directory, PrefixOf(directory), levelCapacity);
        await foreach (FileEntry entry in level.ReadAsync(isWanted, cancellationToken))
        {
            yield return entry;
        }

        if (isFirst && !level.Exists && !directory.IsRoot)
        {
            FileEntry? blob = await FindBlobAsync(directory, cancellationToken);
            if (blob is not { Kind: FileKind.Directory })
            {
                throw new FileProblemException(blob is null ? FileProblem.NotFound : FileProblem.IsFile, directory);
            }
        }
    }

    private async Task<FileEntry?> FindBlobAsync(FilePath path, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties blob = await BlobAt(path).GetPropertiesAsync(cancellationToken: cancellationToken);
            return BlobEntry.IsFolder(blob.Metadata) ? new FileEntry(path, FileKind.Directory) : BlobEntry.Describe(path, blob.ContentLength, blob.LastModified, blob.ETag);
        }
        catch (RequestFailedException error) when (error.IsBlobNotFound())
        {
            return null;
        }
        catch (Exception error) when (BlobErrors.Explain(error, path, cancellationToken) is { } explained)
        {
            throw explained;
        }
    }

    private async Task<bool> IsFolderAsync(FilePath path, CancellationToken cancellationToken)
    {
        try
        {
            AsyncPageable<BlobItem> below = container.GetBlobsAsync(new GetBlobsOptions { Prefix = PrefixOf(path) }, cancellationToken);
            return await below.AsPages(pageSizeHint: 1).AnyAsync(static page => page.Values.Count > 0, cancellationToken);
        }
        catch (Exception error) when (BlobErrors.Explain(error, path, cancellationToken) is { } explained)
        {
            throw explained;
        }
    }

    private string PrefixOf(FilePath directory) => directory.IsRoot ? _prefix : $"{_prefix}{directory.Value}/";

    // A folder of the settings can make a name longer than any blob's.
    private BlobClient BlobAt(FilePath path) => _prefix.Length + path.Value.Length <= FilePathRules.MaxLength
        ? container.GetBlobClient(_prefix + path.Value)
        : throw new FileProblemException(FileProblem.NotFound, path);
}
