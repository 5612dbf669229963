using System.Text;

namespace RemoteMcp.Tools.Files.Store.Local;

/// <summary>
/// Changes files in a folder on this machine. Each change uses a directory that was resolved below the root, and one name in it, and does
/// not follow a link at that name. A change can therefore never affect a file outside the folder.
/// </summary>
/// <remarks>
/// The caller of a change passes the entry that it saw before. The change is refused if the path has a different entry now. A change by
/// another process can be lost only in the microseconds between this check and the change. Nothing can leave the folder during that time.
/// </remarks>
/// <param name="folder">The platform's access to the files below the root.</param>
internal sealed class LocalFileChanges(LocalFolder folder)
{
    // The limit of file systems: bytes on Linux, characters on other systems.
    private const int MaxNameLength = 255;

    private const UnixFileMode Permissions = (UnixFileMode)0b111_111_111;

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
            using var directory = folder.Hold(path.Parent);
            return directory.Find(path);
        }
        catch (FileProblemException exception) when (exception.Problem == FileProblem.NotFound)
        {
            return null;
        }
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
        try
        {
            using var directory = HoldOrCreate(path.Parent);
            var draft = directory.NameOf($".{Path.GetRandomFileName()}");
            try
            {
                await WriteDraftAsync(draft, content, expected is null ? null : directory.NameOf(path.Name), cancellationToken);
                RequireUnchanged(directory, path, expected);
                Replace(draft, directory.NameOf(path.Name), path, expected);
                return directory.Find(path) ?? throw new FileProblemException(FileProblem.Changed, path);
            }
            finally
            {
                File.Delete(draft);
            }
        }
        catch (UnauthorizedAccessException)
        {
            throw new FileProblemException(FileProblem.ChangeDenied, path);
        }
        catch (PathTooLongException)
        {
            throw new FileProblemException(FileProblem.NotAName, path);
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
        try
        {
            using var directory = folder.Hold(path.Parent);
            RequireUnchanged(directory, path, expected);
            if (expected.Kind == FileKind.Directory)
            {
                Directory.Delete(directory.NameOf(path.Name), recursive: false);
            }
            else
            {
                File.Delete(directory.NameOf(path.Name));
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
            _ when !path.Value.Split('/').All(IsName) => FileProblem.NotAName,
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

    private static bool IsName(string name) => Encoding.UTF8.GetByteCount(name) <= MaxNameLength && !WindowsNames.AreSpecial(name);

    private static async Task WriteDraftAsync(
        string draft, ReadOnlyMemory<byte> content, string? replaced, CancellationToken cancellationToken)
    {
        // CreateNew does not open an existing file and does not follow a link.
        await using var stream = new FileStream(draft, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        });
        if (replaced is not null && !OperatingSystem.IsWindows())
        {
            // The handle makes sure that this file is changed, even if the name now refers to another file. The set-user-ID and
            // set-group-ID bits are removed.
            File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(replaced) & Permissions);
        }

        await stream.WriteAsync(content, cancellationToken);
        stream.Flush(flushToDisk: true);
    }

    private static void Replace(string draft, string target, FilePath path, FileEntry? expected)
    {
        try
        {
            File.Move(draft, target, overwrite: expected is not null);
        }
        catch (IOException exception) when (SaysThatItExists(exception))
        {
            throw new FileProblemException(FileProblem.Changed, path);
        }
    }

    private static void RequireUnchanged(HeldDirectory directory, FilePath path, FileEntry? expected)
    {
        var found = directory.Find(path);
        if (found?.Kind != expected?.Kind || found?.ETag != expected?.ETag)
        {
            throw new FileProblemException(FileProblem.Changed, path);
        }
    }

    // EEXIST; ERROR_FILE_EXISTS and ERROR_ALREADY_EXISTS. A check in advance would leave a gap between the check and the change.
    private static bool SaysThatItExists(IOException error) =>
        error.HResult is 17 or unchecked((int)0x80070050) or unchecked((int)0x800700B7);

    private HeldDirectory HoldOrCreate(FilePath directory)
    {
        try
        {
            return folder.Hold(directory);
        }
        catch (FileProblemException missing) when (missing.Problem == FileProblem.NotFound && !directory.IsRoot)
        {
            using var above = HoldOrCreate(directory.Parent);
            if (above.Find(directory) is not null)
            {
                // The entry is a link without a target.
                throw;
            }

            try
            {
                Directory.CreateDirectory(above.NameOf(directory.Name));
            }
            catch (IOException exception) when (SaysThatItExists(exception))
            {
                // Another process created the entry first. The next call reports what it is.
            }

            return folder.Hold(directory);
        }
    }
}
