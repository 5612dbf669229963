namespace RemoteMcp.Tools.Files.Store.Local;

/// <summary>A file store for a folder on this machine.</summary>
/// <remarks>
/// A recursive listing keeps one sorted list in memory for each directory level. It never enters links, so it ends even if links form a
/// cycle.
/// </remarks>
/// <param name="folder">The platform's access to the files below the root.</param>
internal sealed class LocalFileStore(LocalFolder folder) : IFileStore
{
    /// <inheritdoc/>
    public ValueTask<FileEntry> GetAsync(FilePath path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(folder.Get(path));
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<FileEntry> ListAsync(FilePath directory, string? after, CancellationToken cancellationToken) =>
        Sorted(directory, cancellationToken).Where(entry => IsAfter(entry, after)).ToAsyncEnumerable();

    /// <inheritdoc/>
    public IAsyncEnumerable<FileEntry> WalkAsync(
        FilePath directory, string? after, Func<FilePath, bool> enter, CancellationToken cancellationToken) =>
        Walk(directory, after, enter, cancellationToken).ToAsyncEnumerable();

    /// <inheritdoc/>
    public ValueTask<FileContent> OpenAsync(FilePath path, long offset, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var content = folder.Open(path);
        content.Stream.Position = offset;
        return ValueTask.FromResult(content);
    }

    private static bool IsAfter(FileEntry entry, string? after) => after is null || string.CompareOrdinal(entry.Position, after) > 0;

    private IEnumerable<FileEntry> Sorted(FilePath directory, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var entries = folder.List(directory);
        entries.Sort(static (a, b) => string.CompareOrdinal(a.Position, b.Position));
        foreach (var entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return entry;
        }
    }

    private IEnumerable<FileEntry> Walk(FilePath directory, string? after, Func<FilePath, bool> enter, CancellationToken cancellationToken)
    {
        var levels = new Stack<IEnumerator<FileEntry>>();
        levels.Push(Sorted(directory, cancellationToken).GetEnumerator());
        while (levels.TryPeek(out var level))
        {
            if (!MoveNext(level, isFirst: levels.Count == 1))
            {
                levels.Pop().Dispose();
                continue;
            }

            var entry = level.Current;
            if (entry.Kind == FileKind.File && IsAfter(entry, after))
            {
                yield return entry;
            }
            else if (entry.Kind == FileKind.Directory && MayContainAfter(entry, after) && enter(entry.Path))
            {
                levels.Push(Sorted(entry.Path, cancellationToken).GetEnumerator());
            }
        }
    }

    private static bool MayContainAfter(FileEntry directory, string? after) =>
        IsAfter(directory, after) || after!.StartsWith(directory.Position, StringComparison.Ordinal);

    private static bool MoveNext(IEnumerator<FileEntry> level, bool isFirst)
    {
        try
        {
            return level.MoveNext();
        }
        catch (Exception exception) when (!isFirst && exception is FileProblemException or IOException)
        {
            // The directory was deleted or cannot be read. The listing continues with the next entry.
            return false;
        }
    }
}
