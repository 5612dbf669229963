using Microsoft.Extensions.Logging;

namespace RemoteMcp.Tools.Files.Store.Local;

/// <summary>
/// Provides access to the files below a folder, and never to files outside it. Each platform has its own implementation.
/// <see cref="LocalFileStore"/> adds the behavior that does not depend on the platform.
/// </summary>
internal abstract partial class LocalFolder
{
    /// <summary>Gets the entry at a path. Follows links that stay inside the folder.</summary>
    public abstract FileEntry Get(FilePath path);

    /// <summary>Lists the entries of a directory that have a valid path, in any order. Does not follow links.</summary>
    public abstract List<FileEntry> List(FilePath directory);

    /// <summary>Opens a regular file for reading. Never blocks, even if the path is a pipe or a device.</summary>
    public abstract FileContent Open(FilePath path);

    /// <summary>Opens a directory for a change in it. Follows links that stay inside the folder.</summary>
    public abstract DirectoryHandle OpenDirectory(FilePath directory);

    /// <summary>Creates the safest implementation that this machine supports.</summary>
    /// <param name="root">An existing folder.</param>
    /// <param name="logger">The logger. It gets a warning if a Linux machine does not support the safest implementation.</param>
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

    /// <summary>Creates the entry of a file or directory.</summary>
    protected static FileEntry Describe(FilePath path, FileKind kind, long length, DateTimeOffset modified) => new(path, kind)
    {
        Length = kind == FileKind.File ? length : null,
        LastModified = modified,
        ETag = kind == FileKind.File ? $"{modified.UtcTicks:x}-{length:x}" : null,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "This kernel or sandbox does not support openat2. Symbolic links in the shared "
        + "folder are checked by name, before and after opening. Allow only people whom you trust to write to the folder.")]
    private static partial void LogNoKernelSupport(ILogger logger);
}
