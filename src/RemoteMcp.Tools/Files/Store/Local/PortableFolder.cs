namespace RemoteMcp.Tools.Files.Store.Local;

/// <summary>
/// Accesses the files below a folder on systems where the kernel cannot resolve a path beneath a directory (Windows, macOS, some
/// sandboxes). This class resolves links itself, name by name, before it opens a file.
/// </summary>
/// <remarks>
/// Between the check and the open operation, a person who can write to the folder could replace a directory with a link. Where <c>/proc</c>
/// shows which file was opened, the file is then refused. On other systems this gap remains: do not share a folder that people you do not
/// trust can write to. Files of length zero are not opened, so that a pipe or device cannot block. They are read as empty files.
/// </remarks>
/// <param name="root">An existing folder.</param>
internal class PortableFolder(string root) : LocalFolder
{
    // Linux follows the same number of links (ELOOP).
    private const int MaxLinks = 40;

    private static readonly EnumerationOptions s_everyName = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    private readonly string _root = RealPath(Path.GetFullPath(root));

    /// <inheritdoc/>
    public override FileEntry Get(FilePath path)
    {
        var file = new FileInfo(Resolve(path));
        return Exists(file) ? Describe(path, file) : throw new FileProblemException(FileProblem.NotFound, path);
    }

    /// <inheritdoc/>
    public override List<FileEntry> List(FilePath directory)
    {
        if (Get(directory).Kind != FileKind.Directory)
        {
            throw new FileProblemException(FileProblem.IsFile, directory);
        }

        try
        {
            var entries = new List<FileEntry>();
            foreach (var info in new DirectoryInfo(Resolve(directory)).EnumerateFileSystemInfos("*", s_everyName))
            {
                if (directory.TryChild(info.Name, out var child) && !WindowsNames.IsSpecial(info.Name))
                {
                    entries.Add(Describe(child, info));
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
        var entry = Get(path);
        if (entry.Kind != FileKind.File)
        {
            throw new FileProblemException(entry.Kind == FileKind.Directory ? FileProblem.IsDirectory : FileProblem.NotRegular, path);
        }

        return new FileContent(entry, entry.Length == 0 ? new MemoryStream([], writable: false) : OpenChecked(path));
    }

    /// <inheritdoc/>
    public override DirectoryHandle OpenDirectory(FilePath directory) => Get(directory).Kind == FileKind.Directory
        ? new PathHandle(_root, Resolve(directory))
        : throw new FileProblemException(FileProblem.IsFile, directory);

    /// <summary>
    /// Opens the file at a resolved path. Tests override this method to change the tree between the check and the open operation.
    /// </summary>
    protected virtual FileStream OpenResolved(string fullPath) => new(fullPath, new FileStreamOptions
    {
        Access = FileAccess.Read,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
    });

    private FileStream OpenChecked(FilePath path)
    {
        try
        {
            var stream = OpenResolved(Resolve(path));
            var opened = $"/proc/self/fd/{stream.SafeFileHandle.DangerousGetHandle()}";
            if (OperatingSystem.IsLinux()
                && File.ResolveLinkTarget(opened, returnFinalTarget: false) is { } real
                && !IsInside(real.FullName))
            {
                stream.Dispose();
                throw new FileProblemException(FileProblem.LeavesRoot, path);
            }

            return stream;
        }
        catch (UnauthorizedAccessException)
        {
            throw new FileProblemException(FileProblem.AccessDenied, path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileProblemException(FileProblem.NotFound, path);
        }
    }

    private bool IsInside(string fullPath) =>
        fullPath.StartsWith(Path.TrimEndingDirectorySeparator(_root) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private string Resolve(FilePath path)
    {
        var pending = new Stack<string>(path.Value.Split('/').Reverse());
        var names = new List<string>();
        var links = 0;
        while (pending.TryPop(out var name))
        {
            if (name is "" or ".")
            {
                continue;
            }

            if (name is "..")
            {
                // Only the target of a link can contain "..". All names before it are resolved, so the name before it is the real parent.
                names.RemoveAt(names.Count > 0 ? names.Count - 1 : throw new FileProblemException(FileProblem.LeavesRoot, path));
                continue;
            }

            if (WindowsNames.IsSpecial(name))
            {
                throw new FileProblemException(FileProblem.NotFound, path);
            }

            names.Add(name);
            if (new FileInfo(FullPath(names)).LinkTarget is { } target)
            {
                if (++links > MaxLinks || Path.IsPathRooted(target))
                {
                    throw new FileProblemException(FileProblem.LeavesRoot, path);
                }

                names.RemoveAt(names.Count - 1);
                foreach (var part in target.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Reverse())
                {
                    pending.Push(part);
                }
            }
        }

        return FullPath(names);
    }

    private string FullPath(List<string> names) => Path.Join([_root, .. names]);

    private static bool Exists(FileInfo file) => (int)file.Attributes != -1;

    private static FileEntry Describe(FilePath path, FileSystemInfo info)
    {
        var kind = KindOf(info);
        return Describe(path, kind, kind == FileKind.File ? ((FileInfo)info).Length : 0, info.LastWriteTimeUtc);
    }

    private static FileKind KindOf(FileSystemInfo info) => info.Attributes switch
    {
        _ when info.LinkTarget is not null => FileKind.Link,
        var attributes when attributes.HasFlag(FileAttributes.Directory) => FileKind.Directory,
        var attributes when attributes.HasFlag(FileAttributes.Device) => FileKind.Other,
        _ => FileKind.File,
    };

    private static string RealPath(string path)
    {
        if (Path.GetDirectoryName(path) is not { } parent)
        {
            return path;
        }

        var here = Path.Join(RealPath(parent), Path.GetFileName(path));
        return new DirectoryInfo(here).ResolveLinkTarget(returnFinalTarget: true) is { } target ? RealPath(target.FullName) : here;
    }

    /// <summary>
    /// An open directory, identified by its resolved path. The remarks on <c>PortableFolder</c> describe the gap that remains.
    /// </summary>
    private sealed class PathHandle(string root, string fullPath) : DirectoryHandle
    {
        public override string PathBelowRoot =>
            Path.GetRelativePath(root, fullPath) is var path and not "." ? path.Replace(Path.DirectorySeparatorChar, '/') : "";

        public override string PathOf(string name) => Path.Join(fullPath, name);

        public override FileEntry? Find(FilePath child) =>
            new FileInfo(PathOf(child.Name)) is var file && Exists(file) ? Describe(child, file) : null;

        public override void Dispose()
        {
        }
    }
}
