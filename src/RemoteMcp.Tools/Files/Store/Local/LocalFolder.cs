using Microsoft.Extensions.Logging;

namespace RemoteMcp.Tools.Files.Store.Local;

/// <summary>
/// How one platform reaches below a folder without ever leaving it. <see cref="LocalFileStore"/> builds on it what does not
/// depend on the platform.
/// </summary>
internal abstract partial class LocalFolder
{
    /// <summary>Looks at one path, following links that stay inside.</summary>
    public abstract FileEntry Get(FilePath path);

    /// <summary>The addressable entries of a directory in any order; links are named, not followed.</summary>
    public abstract List<FileEntry> List(FilePath directory);

    /// <summary>Opens a regular file for reading; never blocks, whatever is there.</summary>
    public abstract FileContent Open(FilePath path);

    /// <summary>Holds a directory for a change in it, following links that stay inside.</summary>
    public abstract HeldDirectory Hold(FilePath directory);

    /// <summary>The safest way that this machine offers.</summary>
    /// <param name="root">An existing folder.</param>
    /// <param name="logger">Told when that is less than Linux can offer.</param>
    public static LocalFolder For(string root, ILogger logger)
    {
        if (LinuxFolder.IsSupported(root))
        {
            return new LinuxFolder(root);
        }

        if (OperatingSystem.IsLinux())
        {
            LogNoKernelSupport(logger);
        }

        return new PortableFolder(root);
    }

    /// <summary>What is known of a file or directory.</summary>
    protected static FileEntry Describe(FilePath path, FileKind kind, long length, DateTimeOffset modified) => new(path, kind)
    {
        Length = kind == FileKind.File ? length : null,
        LastModified = modified,
        ETag = kind == FileKind.File ? $"{modified.UtcTicks:x}-{length:x}" : null,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "This kernel or sandbox has no openat2: symbolic links in the shared folder are checked by name, before and after opening. Let only people whom you trust write to the folder.")]
    private static partial void LogNoKernelSupport(ILogger logger);
}
