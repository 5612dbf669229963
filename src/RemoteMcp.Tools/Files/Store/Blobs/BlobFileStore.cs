using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace RemoteMcp.Tools.Files.Store.Blobs;

/// <summary>A file store for a container of Azure Blob Storage, or for a folder in a container.</summary>
/// <remarks>
/// <para>
/// A slash in the name of a blob separates a folder from a name. A folder therefore exists if the name of a blob contains it, or if a blob
/// marks it (a name that ends with a slash, or the folder metadata of Data Lake Storage). Names that are not valid paths
/// (<see cref="FilePathRules"/>) are omitted. If a blob and a folder have the same name, both are listed: reading and searching use the
/// blob, and listing uses the folder.
/// </para>
/// <para>The store reads only current blobs and never writes, so versions, snapshots and blob leases have no effect.</para>
/// </remarks>
/// <param name="container">The container.</param>
/// <param name="folder">The shared folder in the container, or the root to share the whole container.</param>
/// <param name="levelCapacity">The maximum number of entries of one folder that are in memory.</param>
internal sealed class BlobFileStore(BlobContainerClient container, FilePath folder, int levelCapacity = BlobFileStore.LevelCapacity)
    : IFileStore
{
    // This number of entries takes about 6 MB.
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
            ?? (await IsFolderAsync(path, cancellationToken)
                ? new FileEntry(path, FileKind.Directory)
                : throw new FileProblemException(FileProblem.NotFound, path));
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
            while (levels.TryPeek(out var level))
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
            foreach (var level in levels)
            {
                await level.DisposeAsync();
            }
        }

        IAsyncEnumerator<FileEntry> OpenLevel(FilePath path, bool isFirst) =>
            ReadLevelAsync(path, entry => IsAfter(entry, after) || MayContainAfter(entry, after), isFirst, cancellationToken)
                .GetAsyncEnumerator(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<FileContent> OpenAsync(FilePath path, long offset, CancellationToken cancellationToken)
    {
        if (path.IsRoot)
        {
            throw new FileProblemException(FileProblem.IsDirectory, path);
        }

        var blob = BlobAt(path);
        try
        {
            BlobDownloadStreamingResult first = await blob.DownloadStreamingAsync(
                new BlobDownloadOptions { Range = new HttpRange(offset, BlobRangeStream.RangeLength) }, cancellationToken);
            if (BlobEntry.IsFolder(first.Details.Metadata))
            {
                first.Dispose();
                throw new FileProblemException(FileProblem.IsDirectory, path);
            }

            var entry = BlobEntry.Describe(path, WholeLength(first.Details.ContentRange), first.Details.LastModified, first.Details.ETag);
            return new FileContent(entry, new BlobRangeStream(blob, entry, first.Details.ETag, offset, first.Content));
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.InvalidRange || exception.IsBlobNotFound())
        {
            // The offset is at or beyond the end of the blob (offset 0 of an empty blob is too), or the path is a folder.
            var entry = await GetAsync(path, cancellationToken);
            return entry.Kind == FileKind.File
                ? new FileContent(entry, Stream.Null)
                : throw new FileProblemException(FileProblem.IsDirectory, path);
        }
        catch (Exception exception) when (BlobErrors.Explain(exception, path, cancellationToken) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>Checks that the container responds and that the server has permission to list it.</summary>
    /// <exception cref="FileStoreUnavailableException">
    /// The container does not respond, or the server has no permission to list it.
    /// </exception>
    public Task ProbeAsync(CancellationToken cancellationToken) => IsFolderAsync(FilePath.Root, cancellationToken);

    private static bool IsAfter(FileEntry entry, string? after) => after is null || string.CompareOrdinal(entry.Position, after) > 0;

    private static bool MayContainAfter(FileEntry entry, string? after) =>
        entry.Kind == FileKind.Directory && after!.StartsWith(entry.Position, StringComparison.Ordinal);

    // "bytes 0-99/1000" (RFC 9110, section 14.4). Beyond the end, Azurite returns "bytes 7-6/7", which the parser of the framework refuses.
    private static long WholeLength(string contentRange) =>
        long.Parse(contentRange.AsSpan(contentRange.LastIndexOf('/') + 1), NumberStyles.None, CultureInfo.InvariantCulture);

    private async IAsyncEnumerable<FileEntry> ReadLevelAsync(
        FilePath directory, Func<FileEntry, bool> isWanted, bool isFirst, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var level = new BlobLevel(container, directory, PrefixOf(directory), levelCapacity);
        await foreach (var entry in level.ReadAsync(isWanted, cancellationToken))
        {
            yield return entry;
        }

        if (isFirst && !level.Exists && !directory.IsRoot)
        {
            var blob = await FindBlobAsync(directory, cancellationToken);
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
            return BlobEntry.IsFolder(blob.Metadata)
                ? new FileEntry(path, FileKind.Directory)
                : BlobEntry.Describe(path, blob.ContentLength, blob.LastModified, blob.ETag);
        }
        catch (RequestFailedException exception) when (exception.IsBlobNotFound())
        {
            return null;
        }
        catch (Exception exception) when (BlobErrors.Explain(exception, path, cancellationToken) is { } explained)
        {
            throw explained;
        }
    }

    private async Task<bool> IsFolderAsync(FilePath path, CancellationToken cancellationToken)
    {
        try
        {
            var below = container.GetBlobsAsync(new GetBlobsOptions { Prefix = PrefixOf(path) }, cancellationToken);
            return await below.AsPages(pageSizeHint: 1).AnyAsync(static page => page.Values.Count > 0, cancellationToken);
        }
        catch (Exception exception) when (BlobErrors.Explain(exception, path, cancellationToken) is { } explained)
        {
            throw explained;
        }
    }

    private string PrefixOf(FilePath directory) => directory.IsRoot ? _prefix : $"{_prefix}{directory.Value}/";

    // With the folder from the settings, the name can be longer than any blob name.
    private BlobClient BlobAt(FilePath path) => _prefix.Length + path.Value.Length <= FilePathRules.MaxLength
        ? container.GetBlobClient(_prefix + path.Value)
        : throw new FileProblemException(FileProblem.NotFound, path);
}
