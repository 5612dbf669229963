namespace RemoteMcp.Tools.Files.Store;

/// <summary>
/// Where the team's files are: a tree of named byte sequences below one root, read only. What the tools make of them (globs,
/// lines, search, paging) lives above this port, so that every store gives the same answers.
/// </summary>
/// <remarks>
/// <para>Nothing outside the root can be reached through it, whatever the path says and whoever changes the tree meanwhile.</para>
/// <para>
/// Entries whose names a caller could not give back (see <see cref="FilePathRules"/>) are left out of listings. Listings do
/// not follow links; naming a path does, as long as each link is relative and stays inside the root.
/// </para>
/// <para>Every member throws <see cref="FileProblemException"/> for what the caller can put right.</para>
/// </remarks>
internal interface IFileStore
{
    /// <summary>Looks at one path.</summary>
    /// <exception cref="FileProblemException">There is nothing, or it cannot be reached.</exception>
    ValueTask<FileEntry> GetAsync(FilePath path, CancellationToken cancellationToken);

    /// <summary>The entries of one directory, in ordinal order of <see cref="FileEntry.Position"/>.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="after">Only entries whose position is greater than this one.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    IAsyncEnumerable<FileEntry> ListAsync(FilePath directory, string? after, CancellationToken cancellationToken);

    /// <summary>
    /// All regular files below a directory, in ordinal order of their paths, found while they are consumed. A directory that
    /// cannot be read is passed over, the first one excepted.
    /// </summary>
    /// <param name="directory">The directory.</param>
    /// <param name="after">Only files whose path is greater than this one.</param>
    /// <param name="enter">Whether a directory below is looked into.</param>
    /// <param name="cancellationToken">Stops the walk.</param>
    IAsyncEnumerable<FileEntry> WalkAsync(FilePath directory, string? after, Func<FilePath, bool> enter, CancellationToken cancellationToken);

    /// <summary>Opens a regular file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">The first byte to read; at or beyond the end, the stream is empty.</param>
    /// <param name="cancellationToken">Stops the opening; reading has a token of its own.</param>
    /// <exception cref="FileProblemException">It is not a regular file, is gone, or cannot be reached or read.</exception>
    ValueTask<FileContent> OpenAsync(FilePath path, long offset, CancellationToken cancellationToken);
}
