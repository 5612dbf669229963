using System.IO.Enumeration;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RemoteMcp.Tools.Files.Store.Local;

/// <summary>
/// Accesses the files below a folder on Linux. The kernel resolves every path with <c>RESOLVE_BENEATH</c> (openat2(2), Linux 5.6), so that
/// no <c>..</c> and no link leads out of the folder, even if the tree changes at the same time. The resolved file is then read through
/// <c>/proc/self/fd</c>, which refers to exactly that file.
/// </summary>
/// <param name="root">
/// An existing folder. Each operation opens it again, so that the operation uses the new folder if the folder was replaced.
/// </param>
internal sealed class LinuxFolder(string root) : LocalFolder
{
    // The kernel returns EAGAIN if a directory was renamed while it resolved the '..' of a link. The call must then be repeated.
    private const int MaxAttempts = 16;

    private static readonly EnumerationOptions s_everyName = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>
    /// Returns whether the kernel supports openat2 (older kernels and some sandboxes do not) and <c>/proc</c> is available.
    /// </summary>
    public static bool IsSupported(string root)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            using var handle = LinuxNative.OpenRoot(root);
            return !handle.IsInvalid && LinuxNative.Status(handle).Kind == FileKind.Directory && Directory.Exists(ProcPath(handle));
        }
        catch (EntryPointNotFoundException)
        {
            // The C library is older than statx (glibc 2.28, musl 1.2.5).
            return false;
        }
    }

    /// <inheritdoc/>
    public override FileEntry Get(FilePath path)
    {
        using var handle = Resolve(path);
        return Describe(path, LinuxNative.Status(handle));
    }

    /// <inheritdoc/>
    public override List<FileEntry> List(FilePath directory)
    {
        using var handle = Resolve(directory);
        if (LinuxNative.Status(handle).Kind != FileKind.Directory)
        {
            throw new FileProblemException(FileProblem.IsFile, directory);
        }

        try
        {
            var names = new FileSystemEnumerable<string>(ProcPath(handle), static (ref entry) => entry.FileName.ToString(), s_everyName);
            var entries = new List<FileEntry>();
            foreach (var name in names)
            {
                if (directory.TryChild(name, out var child) && LinuxNative.TryStatus(handle, name, out var status))
                {
                    entries.Add(Describe(child, status));
                }
            }

            return entries;
        }
        catch (UnauthorizedAccessException)
        {
            throw new FileProblemException(FileProblem.AccessDenied, directory);
        }
    }

    /// <inheritdoc/>
    public override FileContent Open(FilePath path)
    {
        using var handle = Resolve(path);
        var entry = Describe(path, LinuxNative.Status(handle));
        if (entry.Kind != FileKind.File)
        {
            throw new FileProblemException(entry.Kind == FileKind.Directory ? FileProblem.IsDirectory : FileProblem.NotRegular, path);
        }

        try
        {
            return new FileContent(entry, new FileStream(ProcPath(handle), new FileStreamOptions
            {
                Access = FileAccess.Read,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
            }));
        }
        catch (UnauthorizedAccessException)
        {
            throw new FileProblemException(FileProblem.AccessDenied, path);
        }
    }

    /// <inheritdoc/>
    public override DirectoryHandle OpenDirectory(FilePath directory)
    {
        var handle = Resolve(directory);
        if (LinuxNative.Status(handle).Kind == FileKind.Directory)
        {
            return new DescriptorHandle(root, handle);
        }

        handle.Dispose();
        throw new FileProblemException(FileProblem.IsFile, directory);
    }

    private static FileEntry Describe(FilePath path, in LinuxNative.FileStatus status) =>
        Describe(path, status.Kind, status.Size, status.Modified);

    // The path by which this process accesses the file or directory that a handle refers to.
    private static string ProcPath(SafeFileHandle handle) => $"/proc/self/fd/{handle.DangerousGetHandle()}";

    private SafeFileHandle Resolve(FilePath path)
    {
        using var rootHandle = LinuxNative.OpenRoot(root);
        if (rootHandle.IsInvalid)
        {
            throw LinuxNative.Failure(Marshal.GetLastPInvokeError());
        }

        for (var attempt = 0; ; attempt++)
        {
            var handle = LinuxNative.OpenBeneath(rootHandle, path.ToString());
            if (!handle.IsInvalid)
            {
                return handle;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error is not (LinuxNative.Again or LinuxNative.Interrupted) || attempt == MaxAttempts)
            {
                throw error switch
                {
                    LinuxNative.NoEntry or LinuxNative.NotDirectory or LinuxNative.NameTooLong =>
                        new FileProblemException(FileProblem.NotFound, path),
                    LinuxNative.CrossDevice or LinuxNative.TooManyLinks => new FileProblemException(FileProblem.LeavesRoot, path),
                    LinuxNative.AccessDenied or LinuxNative.NotPermitted => new FileProblemException(FileProblem.AccessDenied, path),
                    _ => LinuxNative.Failure(error),
                };
            }
        }
    }

    /// <summary>
    /// An open directory, identified by its descriptor. Names below it are resolved from there, even if the path of the directory changes.
    /// </summary>
    private sealed class DescriptorHandle(string root, SafeFileHandle handle) : DirectoryHandle
    {
        public override string PathBelowRoot
        {
            get
            {
                using var rootHandle = LinuxNative.OpenRoot(root);
                var path = Path.GetRelativePath(RealPath(rootHandle), RealPath(handle));
                return path == "." ? "" : path;
            }
        }

        public override string PathOf(string name) => $"{ProcPath(handle)}/{name}";

        public override FileEntry? Find(FilePath child) =>
            LinuxNative.TryStatus(handle, child.Name, out var status) ? Describe(child, status) : null;

        public override void Dispose() => handle.Dispose();

        private static string RealPath(SafeFileHandle handle) =>
            File.ResolveLinkTarget(ProcPath(handle), returnFinalTarget: false)?.FullName
            ?? throw new IOException("/proc is not available.");
    }
}
