using System.Text.Json.Nodes;
using RemoteMcp.Cli.Clients.Jsonc;

namespace RemoteMcp.Cli.Clients;

/// <summary>Represents the result of <see cref="ConfigFile.SetAsync"/>.</summary>
/// <param name="Path">The path of the file, with links resolved.</param>
/// <param name="Change">The change to the entry.</param>
/// <param name="BackupPath">The path of the copy of the original file, or null if no entry was replaced.</param>
/// <param name="IsStrictJson">A value that indicates whether the file has no comments, no trailing commas, and no byte order mark.</param>
internal sealed record ConfigFileChange(string Path, JsoncChange Change, string? BackupPath, bool IsStrictJson);

/// <summary>Edits a client's configuration file. An edit is atomic, and it does not change other parts of the file.</summary>
internal static class ConfigFile
{
    private const int MaxLength = 64 * 1024 * 1024;
    private const int ReadLength = 64 * 1024;
    private const int MaxBackups = 100;

    private static readonly TimeSpan s_openTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Sets one property of the file. Creates the file and its folder if they do not exist, but no folder to which a link leads.
    /// </summary>
    /// <param name="path">The path of the file. If it is a symbolic link, the target is changed and the link stays.</param>
    /// <param name="folder">The folder out of which no link may lead (<see cref="ConfigPath.FolderOf"/>).</param>
    /// <param name="property">The property names, starting at the top-level object.</param>
    /// <param name="value">The value of the property.</param>
    /// <param name="cancellationToken">The token that cancels the edit. A canceled edit does not change the file.</param>
    /// <exception cref="ConfigFileException">
    /// The file is not JSON, the file is read-only, a link leads out of the folder or to a folder that does not exist, or the operating
    /// system denies access.
    /// </exception>
    public static async Task<ConfigFileChange> SetAsync(
        string path, string folder, string[] property, JsonNode value, CancellationToken cancellationToken)
    {
        return await RunAsync(path, "changed", async () =>
        {
            var file = ResolveToWrite(path, folder, "--write");
            var before = file.Exists ? await ReadAllAsync(file, cancellationToken) : [];
            var edit = JsoncEditor.Set(before, property, value);

            var backup = edit.Change == JsoncChange.Replaced ? await BackUpAsync(file, before, cancellationToken) : null;
            if (edit.Change != JsoncChange.None)
            {
                await ReplaceAsync(file, edit.Document, cancellationToken);
            }

            return new ConfigFileChange(file.FullName, edit.Change, backup, JsoncText.IsStrict(edit.Document));
        });
    }

    /// <summary>Reads the whole file.</summary>
    /// <exception cref="ConfigFileException">
    /// The file does not exist, the file is too large, or the operating system denies access.
    /// </exception>
    public static Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken) => RunAsync(path, "read", async () =>
    {
        var file = Check(path, new FileInfo(path) is { LinkTarget: not null } link
            ? (FileInfo)link.ResolveLinkTarget(returnFinalTarget: true)!
            : new FileInfo(path));
        return file.Exists
            ? await ReadAllAsync(file, cancellationToken)
            : throw new ConfigFileException($"The file {path} does not exist.");
    });

    /// <summary>Replaces the content that <see cref="ReadAsync"/> returned, unless the file has changed since then.</summary>
    /// <returns>The path of the copy of the original file.</returns>
    /// <exception cref="ConfigFileException">
    /// The file has changed, the file is read-only, a link leads out of the folder, or the operating system denies access.
    /// </exception>
    public static Task<string> RewriteAsync(
        string path, string folder, byte[] before, byte[] after, CancellationToken cancellationToken) =>
        RunAsync(path, "changed", async () =>
        {
            var file = ResolveToWrite(path, folder, "migrate");
            if (!file.Exists || !(await ReadAllAsync(file, cancellationToken)).AsSpan().SequenceEqual(before))
            {
                throw new ConfigFileException(
                    $"{path} was changed by another program in the meantime. Nothing was written. Run the command again.");
            }

            var backup = await BackUpAsync(file, before, cancellationToken);
            await ReplaceAsync(file, after, cancellationToken);
            return backup;
        });

    /// <summary>Runs an operation, and converts its errors to messages for the user.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="verb">The operation in the message, as a past participle: <c>read</c> or <c>changed</c>.</param>
    /// <param name="run">The operation.</param>
    private static async Task<T> RunAsync<T>(string path, string verb, Func<Task<T>> run)
    {
        try
        {
            return await run();
        }
        catch (JsoncException exception)
        {
            throw new ConfigFileException(
                $"{path}({exception.Line},{exception.Column}): {exception.Message} The file was not changed.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigFileException($"{path} could not be {verb}: {exception.Message}", exception);
        }
    }

    private static FileInfo ResolveToWrite(string path, string folder, string option)
    {
        // The message about a folder is clearer than the one about a link.
        Check(path, new FileInfo(path));
        var resolved = ConfigPath.Resolve(path, folder, option);
        var file = Check(path, new FileInfo(resolved.FullName));
        if (file is { Exists: true, IsReadOnly: true })
        {
            throw new ConfigFileException($"{path} is read-only. Allow writing to it, or specify another path.");
        }

        return !resolved.HasLink || Directory.Exists(file.DirectoryName)
            ? file
            : throw new ConfigFileException(
                $"{path} leads through a link to {file.FullName}, whose folder does not exist. Nothing was written. Create the folder, "
                + "or remove the link.");
    }

    private static FileInfo Check(string path, FileInfo file)
    {
        if (Directory.Exists(file.FullName))
        {
            throw new ConfigFileException($"{path} is a folder. Specify the path of a file.");
        }

        return file.Exists && file.Length > MaxLength ? throw TooLong(path) : file;
    }

    // A link in a repository can point to a device. A device has no length and can return unlimited data.
    private static async Task<byte[]> ReadAllAsync(FileInfo file, CancellationToken cancellationToken)
    {
        await using var stream = await OpenAsync(file.FullName, cancellationToken);
        using var content = new MemoryStream();
        var buffer = new byte[ReadLength];
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (content.Length + read > MaxLength)
            {
                throw TooLong(file.FullName);
            }

            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }

    // The system waits for a writer when a pipe is opened.
    private static async Task<FileStream> OpenAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(() => new FileStream(path, FileMode.Open, FileAccess.Read), cancellationToken)
                .WaitAsync(s_openTimeout, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new ConfigFileException(
                $"{path} did not open within {s_openTimeout.TotalSeconds} s. It is probably a pipe, and not a configuration file.",
                exception);
        }
    }

    private static ConfigFileException TooLong(string path) =>
        new($"{path} is longer than {MaxLength / 1024 / 1024} MiB, so it is not a configuration file.");

    private static async Task<string> BackUpAsync(FileInfo file, byte[] content, CancellationToken cancellationToken)
    {
        for (var n = 0; n < MaxBackups; n++)
        {
            var path = n == 0 ? $"{file.FullName}.bak" : $"{file.FullName}.bak{n}";
            if (!Path.Exists(path))
            {
                await WriteNewAsync(path, content, file, cancellationToken);
                return path;
            }
        }

        throw new ConfigFileException($"{file.FullName} has {MaxBackups} backups next to it (.bak, .bak1, …). Remove some of them.");
    }

    private static async Task ReplaceAsync(FileInfo file, byte[] content, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(file.DirectoryName!);
        var temporary = Path.Combine(file.DirectoryName!, $".{file.Name}.{Guid.NewGuid():N}.tmp");
        try
        {
            await WriteNewAsync(temporary, content, file, cancellationToken);
            if (file.Exists)
            {
                // Replace keeps the access control list of a file on Windows. Move does not.
                File.Replace(temporary, file.FullName, destinationBackupFileName: null);
            }
            else
            {
                File.Move(temporary, file.FullName);
            }
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes a new file with the permissions of the original file.</summary>
    private static async Task WriteNewAsync(string path, byte[] content, FileInfo original, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        UnixFileMode? mode = !OperatingSystem.IsWindows() && original.Exists ? original.UnixFileMode : null;
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        await using var stream = new FileStream(path, options);
        if (!OperatingSystem.IsWindows() && mode is { } exact)
        {
            // The umask of the process removes permission bits from new files.
            File.SetUnixFileMode(stream.SafeFileHandle, exact);
        }

        await stream.WriteAsync(content, cancellationToken);
        stream.Flush(flushToDisk: true);
    }
}
