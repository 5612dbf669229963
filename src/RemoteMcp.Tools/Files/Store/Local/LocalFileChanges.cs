using System.Text;

namespace RemoteMcp.Tools.Files.Store.Local;

/// <summary>
/// Changes files in a folder on this machine. Each change uses a directory that was resolved below the root, and one name in it, and does
/// not follow a link at that name. A change can therefore never affect a file outside the folder. Files that other programs trust
/// (<see cref="ProtectedNames"/>) are refused, also if a link leads to them.
/// </summary>
/// <remarks>
/// The caller of a change passes the entry that it saw before. The change is refused if the path has a different entry now. A change by
/// another process can be lost only in the microseconds between this check and the change. Nothing can leave the folder during that time.
/// </remarks>
/// <param name="folder">The platform's access to the files below the root.</param>
/// <param name="protectedNames">The names that cannot be changed.</param>
internal sealed class LocalFileChanges(LocalFolder folder, ProtectedNames protectedNames)
{
    // The limit of file systems: bytes on Linux, characters on other systems.
    private const int MaxNameLength = 255;

    // The permissions of the owner, the group, and others (rwxrwxrwx).
    private const UnixFileMode PermissionBits = (UnixFileMode)0b111_111_111;

    /// <summary>Returns the entry at a path. If the path ends with a link, returns the link and does not follow it.</summary>
    /// <returns>The entry, or <see langword="null"/> if it does not exist.</returns>
    /// <exception cref="FileProblemException">The path is not accessible.</exception>
    public FileEntry? Find(FilePath path)
    {
        if (path.IsRoot)
        {
            return folder.Get(path);
        }

        try
        {
            RequireUnprotected(path.Value, path);
            using var directory = OpenDirectory(path.Parent);
            return directory.Find(path);
        }
        catch (FileProblemException exception) when (exception.Problem == FileProblem.NotFound)
        {
            RequireUnprotectedAncestor(path.Parent);
            return null;
        }
    }

    /// <summary>Reads a file before it is replaced.</summary>
    /// <param name="expected">The entry that <see cref="Find"/> returned before.</param>
    /// <param name="maxBytes">The maximum size of the file.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    /// <exception cref="FileProblemException">The path has a different entry than expected, is too large, or cannot be read.</exception>
    public async ValueTask<byte[]> ReadAsync(FileEntry expected, long maxBytes, CancellationToken cancellationToken)
    {
        if (expected.Length > maxBytes)
        {
            throw new FileProblemException(FileProblem.TooLargeToReplace, expected.Path);
        }

        await using var content = folder.Open(expected.Path);
        var bytes = new byte[expected.Length ?? 0];
        var count = await content.Stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return content.Entry.ETag == expected.ETag && count == bytes.Length
            ? bytes
            : throw new FileProblemException(FileProblem.Changed, expected.Path);
    }

    /// <summary>
    /// Writes a file in one atomic step: readers see either the old content or the new content. Missing directories are created. A file
    /// that is replaced keeps its permissions.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="content">The new content.</param>
    /// <param name="expected">
    /// The entry that <see cref="Find"/> returned before: the file to replace, or <see langword="null"/> for a new file.
    /// </param>
    /// <param name="cancellationToken">The token that cancels the operation before anything has changed.</param>
    /// <returns>The entry of the new file.</returns>
    /// <exception cref="FileProblemException">The path has a different entry than expected, or cannot be accessed or written.</exception>
    public async ValueTask<FileEntry> WriteAsync(
        FilePath path, ReadOnlyMemory<byte> content, FileEntry? expected, CancellationToken cancellationToken)
    {
        RequireWritable(path, expected);
        RequireUnprotected(path.Value, path);
        try
        {
            using var directory = OpenOrCreateDirectory(path.Parent);
            var temporaryPath = directory.PathOf($".{Path.GetRandomFileName()}");
            try
            {
                await WriteTemporaryAsync(temporaryPath, content, expected is null ? null : directory.PathOf(path.Name), cancellationToken);
                RequireUnchanged(directory, path, expected);
                Replace(temporaryPath, directory.PathOf(path.Name), path, expected);
                return directory.Find(path) ?? throw new FileProblemException(FileProblem.Changed, path);
            }
            finally
            {
                File.Delete(temporaryPath);
            }
        }
        catch (UnauthorizedAccessException)
        {
            throw new FileProblemException(FileProblem.ChangeDenied, path);
        }
        catch (PathTooLongException)
        {
            throw new FileProblemException(FileProblem.InvalidName, path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileProblemException(FileProblem.Changed, path);
        }
    }

    /// <summary>Deletes a file, a link (not its target) or an empty directory.</summary>
    /// <param name="expected">The entry that <see cref="Find"/> returned before.</param>
    /// <exception cref="FileProblemException">The path has a different entry than expected, or cannot be accessed or deleted.</exception>
    public void Delete(FileEntry expected)
    {
        var path = expected.Path;
        RequireUnprotected(path.Value, path);
        try
        {
            using var directory = OpenDirectory(path.Parent);
            RequireUnchanged(directory, path, expected);
            if (expected.Kind == FileKind.Directory)
            {
                Directory.Delete(directory.PathOf(path.Name), recursive: false);
            }
            else
            {
                File.Delete(directory.PathOf(path.Name));
            }
        }
        catch (UnauthorizedAccessException)
        {
            throw new FileProblemException(FileProblem.ChangeDenied, path);
        }
        catch (DirectoryNotFoundException)
        {
            throw new FileProblemException(FileProblem.Changed, path);
        }
        catch (IOException) when (expected.Kind == FileKind.Directory)
        {
            throw new FileProblemException(FileProblem.NotEmpty, path);
        }
    }

    /// <summary>Checks that the path can hold a file. The tools call this method before they prompt the user.</summary>
    /// <exception cref="FileProblemException">The path cannot hold a file.</exception>
    public static void RequireWritable(FilePath path, FileEntry? found)
    {
        FileProblem? problem = found?.Kind switch
        {
            _ when path.IsRoot => FileProblem.IsDirectory,
            _ when !path.Value.Split('/').All(IsValidName) => FileProblem.InvalidName,
            null or FileKind.File => null,
            FileKind.Directory => FileProblem.IsDirectory,
            FileKind.Link => FileProblem.IsLink,
            _ => FileProblem.NotRegular,
        };
        if (problem is { } refused)
        {
            throw new FileProblemException(refused, path);
        }
    }

    /// <summary>Checks that an entry can be deleted. The tools call this method before they prompt the user.</summary>
    /// <exception cref="FileProblemException">The entry cannot be deleted.</exception>
    public void RequireDeletable(FileEntry found)
    {
        if (found.Kind == FileKind.Other)
        {
            throw new FileProblemException(FileProblem.NotRegular, found.Path);
        }

        if (found.Kind == FileKind.Directory && folder.List(found.Path).Count > 0)
        {
            throw new FileProblemException(FileProblem.NotEmpty, found.Path);
        }
    }

    private static bool IsValidName(string name) => Encoding.UTF8.GetByteCount(name) <= MaxNameLength && !WindowsNames.IsSpecial(name);

    private static async Task WriteTemporaryAsync(
        string temporaryPath, ReadOnlyMemory<byte> content, string? replacedPath, CancellationToken cancellationToken)
    {
        // CreateNew does not open an existing file and does not follow a link.
        await using var stream = new FileStream(temporaryPath, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        });
        if (replacedPath is not null && !OperatingSystem.IsWindows())
        {
            // The handle makes sure that this file is changed, even if the name now refers to another file. The set-user-ID and
            // set-group-ID bits are removed.
            File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(replacedPath) & PermissionBits);
        }

        await stream.WriteAsync(content, cancellationToken);
        stream.Flush(flushToDisk: true);
    }

    private static void Replace(string temporaryPath, string targetPath, FilePath path, FileEntry? expected)
    {
        try
        {
            File.Move(temporaryPath, targetPath, overwrite: expected is not null);
        }
        catch (IOException exception) when (IsAlreadyExists(exception))
        {
            throw new FileProblemException(FileProblem.Changed, path);
        }
    }

    private static void RequireUnchanged(DirectoryHandle directory, FilePath path, FileEntry? expected)
    {
        var found = directory.Find(path);
        if (found?.Kind != expected?.Kind || found?.ETag != expected?.ETag)
        {
            throw new FileProblemException(FileProblem.Changed, path);
        }
    }

    // EEXIST on Unix; ERROR_FILE_EXISTS and ERROR_ALREADY_EXISTS on Windows. A check in advance would leave a gap between the check and the
    // change.
    private static bool IsAlreadyExists(IOException error) =>
        error.HResult is 17 or unchecked((int)0x80070050) or unchecked((int)0x800700B7);

    // The loop keeps the use of the stack independent of the depth of the path, which the caller chooses.
    private DirectoryHandle OpenOrCreateDirectory(FilePath directory)
    {
        var missing = new Stack<FilePath>();
        DirectoryHandle? opened;
        for (var path = directory; (opened = TryOpenDirectory(path)) is null; path = path.Parent)
        {
            missing.Push(path);
        }

        while (missing.TryPop(out var path))
        {
            using (opened)
            {
                if (opened.Find(path) is not null)
                {
                    // The entry is a link without a target.
                    throw new FileProblemException(FileProblem.NotFound, path);
                }

                try
                {
                    Directory.CreateDirectory(opened.PathOf(path.Name));
                }
                catch (IOException exception) when (IsAlreadyExists(exception))
                {
                    // Another process created the entry first. The next call reports what it is.
                }
            }

            opened = OpenDirectory(path);
        }

        return opened;
    }

    private DirectoryHandle? TryOpenDirectory(FilePath path)
    {
        try
        {
            return OpenDirectory(path);
        }
        catch (FileProblemException missing) when (missing.Problem == FileProblem.NotFound && !path.IsRoot)
        {
            return null;
        }
    }

    // The path can contain links, so the path that they lead to is checked too, before anything in it is changed.
    private DirectoryHandle OpenDirectory(FilePath path)
    {
        var directory = folder.OpenDirectory(path);
        try
        {
            RequireUnprotected(directory.PathBelowRoot + "/", path);
            return directory;
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    // The directories that a write would create are in the nearest directory that exists.
    private void RequireUnprotectedAncestor(FilePath directory)
    {
        for (; !directory.IsRoot; directory = directory.Parent)
        {
            try
            {
                OpenDirectory(directory).Dispose();
                return;
            }
            catch (FileProblemException exception) when (exception.Problem == FileProblem.NotFound)
            {
            }
        }
    }

    private void RequireUnprotected(string names, FilePath path)
    {
        if (protectedNames.FindIn(names) is not null)
        {
            throw new FileProblemException(FileProblem.Protected, path);
        }
    }
}
