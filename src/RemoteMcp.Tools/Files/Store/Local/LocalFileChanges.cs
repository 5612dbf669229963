using System.Text;

namespace RemoteMcp.Tools.Files.Store.Local;

/// <summary>
/// Changes files of a folder of this machine. Each change is made in the directory that was resolved below the root, by one name
/// and without following a link at it, so that it cannot end up elsewhere.
/// </summary>
/// <remarks>
/// Every change names what it was decided on, and is refused when something else is there by then. Between that last look and the
/// change lie microseconds in which another process's change can be lost; nothing can leave the folder in them.
/// </remarks>
/// <param name="folder">How this platform reaches below the root.</param>
internal sealed class LocalFileChanges(LocalFolder folder)
{
    // What file systems allow: bytes on Linux, characters elsewhere.
    private const int MaxNameLength = 255;

    private const UnixFileMode Permissions = (UnixFileMode)0b111_111_111;

    /// <summary>What is at a path; a link at its end is named, not followed.</summary>
    /// <returns>The entry, or <see langword="null"/> when there is none.</returns>
    /// <exception cref="FileProblemException">It cannot be reached.</exception>
    public FileEntry? Find(FilePath path)
    {
        if (path.IsRoot)
        {
            return folder.Get(path);
        }

        try
        {
            using HeldDirectory directory = folder.Hold(path.Parent);
            return directory.Find(path);
        }
        catch (FileProblemException e) when (e.Problem == FileProblem.NotFound)
        {
            return null;
        }
    }

    /// <summary>
    /// Writes a file as a whole, in one step: readers see the old content or the new one. The directories on the way are created; a
    /// file that is replaced keeps its permissions.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its new content.</param>
    /// <param name="expected">What <see cref="Find"/> said before: the file that is replaced, or nothing.</param>
    /// <param name="cancellationToken">Stops the writing before anything has changed.</param>
    /// <returns>The file as it is now.</returns>
    /// <exception cref="FileProblemException">Something else is there, or it cannot be reached or written.</exception>
    public async ValueTask<FileEntry> WriteAsync(FilePath path, ReadOnlyMemory<byte> content, FileEntry? expected, CancellationToken cancellationToken)
    {
        RequireWritable(path, expected);
        try
        {
            using HeldDirectory directory = HoldOrCreate(path.Parent);
            string draft = directory.NameOf($".{Path.GetRandomFileName()}");
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
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileProblemException(FileProblem.Changed, path);
        }
    }

    /// <summary>Deletes a file, a link (not what it leads to) or an empty directory.</summary>
    /// <param name="expected">What <see cref="Find"/> said before.</param>
    /// <exception cref="FileProblemException">Something else is there, or it cannot be reached or deleted.</exception>
    public void Delete(FileEntry expected)
    {
        FilePath path = expected.Path;
        try
        {
            using HeldDirectory directory = folder.Hold(path.Parent);
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

    /// <summary>Checks that a file can be at a path, before anyone is asked about it.</summary>
    /// <exception cref="FileProblemException">It cannot.</exception>
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

    /// <summary>Checks that an entry can be deleted, before anyone is asked about it.</summary>
    /// <exception cref="FileProblemException">It cannot.</exception>
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

    private static async Task WriteDraftAsync(string draft, ReadOnlyMemory<byte> content, string? replaced, CancellationToken cancellationToken)
    {
        // CreateNew neither opens what is there nor follows a link.
        await using var stream = new FileStream(draft, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        });
        if (replaced is not null && !OperatingSystem.IsWindows())
        {
            // By the handle, so that it is this file whatever the name has come to mean; without the bits that lend the owner's rights.
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
        catch (IOException error) when (SaysThatItExists(error))
        {
            throw new FileProblemException(FileProblem.Changed, path);
        }
    }

    private static void RequireUnchanged(HeldDirectory directory, FilePath path, FileEntry? expected)
    {
        FileEntry? found = directory.Find(path);
        if (found?.Kind != expected?.Kind || found?.ETag != expected?.ETag)
        {
            throw new FileProblemException(FileProblem.Changed, path);
        }
    }

    // EEXIST; ERROR_FILE_EXISTS and ERROR_ALREADY_EXISTS. Looking would come too late.
    private static bool SaysThatItExists(IOException error) => error.HResult is 17 or unchecked((int)0x80070050) or unchecked((int)0x800700B7);

    private HeldDirectory HoldOrCreate(FilePath directory)
    {
        try
        {
            return folder.Hold(directory);
        }
        catch (FileProblemException e) when (e.Problem == FileProblem.NotFound && !directory.IsRoot)
        {
            using HeldDirectory above = HoldOrCreate(directory.Parent);
            if (above.Find(directory) is not null)
            {
                // A link that leads nowhere.
                throw;
            }

            try
            {
                Directory.CreateDirectory(above.NameOf(directory.Name));
            }
            catch (IOException error) when (SaysThatItExists(error))
            {
                // Somebody else was quicker: holding it tells with what.
            }

            return folder.Hold(directory);
        }
    }
}
