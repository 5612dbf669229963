namespace RemoteMcp.Tools.Files.Store.Local;

/// <summary>
/// How one platform reaches below a folder without ever leaving it. <see cref="LocalFileStore"/> builds on it what does not
/// depend on the platform.
/// </summary>
internal abstract class LocalFolder
{
    /// <summary>Looks at one path, following links that stay inside.</summary>
    public abstract FileEntry Get(FilePath path);

    /// <summary>The addressable entries of a directory in any order; links are named, not followed.</summary>
    public abstract List<FileEntry> List(FilePath directory);

    /// <summary>Opens a regular file for reading; never blocks, whatever is there.</summary>
    public abstract FileContent Open(FilePath path);

    /// <summary>The safest way that this machine offers.</summary>
    /// <param name="root">An existing folder.</param>
    public static LocalFolder For(string root) => LinuxFolder.IsSupported(root) ? new LinuxFolder(root) : new PortableFolder(root);

    /// <summary>What is known of a file or directory.</summary>
    protected static FileEntry Describe(FilePath path, FileKind kind, long length, DateTimeOffset modified) => new(path, kind)
    {
        Length = kind == FileKind.File ? length : null,
        LastModified = modified,
        ETag = kind == FileKind.File ? $"{modified.UtcTicks:x}-{length:x}" : null,
    };
}
