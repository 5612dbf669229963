namespace RemoteMcp.Tools.Files.Store;

/// <summary>
/// Provides read-only access to the team's files: a tree of named byte sequences below one root. The tools implement globs, lines, search
/// and paging on top of this interface, so that every store returns the same results.
/// </summary>
/// <remarks>
/// <para>No path gives access to anything outside the root, even if another process changes the tree at the same time.</para>
/// <para>
/// Listings omit entries with names that a caller cannot pass back (see <see cref="FilePathRules"/>). Listings do not follow links. A path
/// can contain links if each link is relative and stays inside the root.
/// </para>
/// <para>Every member throws <see cref="FileProblemException"/> for a problem that the caller can correct.</para>
/// </remarks>
internal interface IFileStore
{
    /// <summary>Gets the entry at a path.</summary>
    /// <exception cref="FileProblemException">The path does not exist or is not accessible.</exception>
    ValueTask<FileEntry> GetAsync(FilePath path, CancellationToken cancellationToken);

    /// <summary>Lists the entries of one directory, in ordinal order of <see cref="FileEntry.Position"/>.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="after">The position after which the listing starts, or <see langword="null"/> to list all entries.</param>
    /// <param name="cancellationToken">The token that cancels the listing.</param>
    IAsyncEnumerable<FileEntry> ListAsync(FilePath directory, string? after, CancellationToken cancellationToken);

    /// <summary>
    /// Lists all regular files below a directory, in ordinal order of their paths. The files are found while the caller enumerates them.
    /// Subdirectories that cannot be read are skipped. If <paramref name="directory"/> itself cannot be read, the call fails.
    /// </summary>
    /// <param name="directory">The directory.</param>
    /// <param name="after">The path after which the listing starts, or <see langword="null"/> to list all files.</param>
    /// <param name="enter">A predicate that returns whether to enter a subdirectory.</param>
    /// <param name="cancellationToken">The token that cancels the listing.</param>
    IAsyncEnumerable<FileEntry> WalkAsync(
        FilePath directory, string? after, Func<FilePath, bool> enter, CancellationToken cancellationToken);

    /// <summary>Opens a regular file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="offset">The offset of the first byte to read. If it is at or beyond the end of the file, the stream is empty.</param>
    /// <param name="cancellationToken">The token that cancels the open operation. Read operations have their own token.</param>
    /// <exception cref="FileProblemException">The path is not a regular file, does not exist, or cannot be accessed or read.</exception>
    ValueTask<FileContent> OpenAsync(FilePath path, long offset, CancellationToken cancellationToken);
}
