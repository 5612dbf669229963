using System.Text.Json.Nodes;
using RemoteMcp.Cli.Clients.Jsonc;

namespace RemoteMcp.Cli.Clients;

/// <summary>Represents the result of <see cref="ConfigFile.SetAsync"/>.</summary>
/// <param name="Path">The path of the file. If the given path is a symbolic link, this is the path of its target.</param>
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

    /// <summary>Sets one property of the file. Creates the file and its folder if they do not exist.</summary>
    /// <param name="path">The path of the file. If it is a symbolic link, the target is changed and the link stays.</param>
    /// <param name="property">The property names, starting at the top-level object.</param>
    /// <param name="value">The value of the property.</param>
    /// <param name="cancellationToken">The token that cancels the edit. A canceled edit does not change the file.</param>
    /// <exception cref="ConfigFileException">
    /// The file is not JSON, the file is read-only, or the operating system denies access.
    /// </exception>
    public static async Task<ConfigFileChange> SetAsync(
        string path, string[] property, JsonNode value, CancellationToken cancellationToken)
    {
        return await RunAsync(path, "changed", async () =>
        {
            var file = Resolve(path, toWrite: true);
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
        var file = Resolve(path, toWrite: false);
        return file.Exists
            ? await ReadAllAsync(file, cancellationToken)
            : throw new ConfigFileException($"The file {path} does not exist.");
    });

    /// <summary>Replaces the content that <see cref="ReadAsync"/> returned, unless the file has changed since then.</summary>
    /// <returns>The path of the copy of the original file.</returns>
    /// <exception cref="ConfigFileException">
    /// The file has changed, the file is read-only, or the operating system denies access.
    /// </exception>
    public static Task<string> RewriteAsync(string path, byte[] before, byte[] after, CancellationToken cancellationToken) =>
        RunAsync(path, "changed", async () =>
        {
            var file = Resolve(path, toWrite: true);
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

    /// <summary>Returns the file, or the target if the path is a link, after checking that it can be read or written.</summary>
    private static FileInfo Resolve(string path, bool toWrite)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
        {
            file = (FileInfo)file.ResolveLinkTarget(returnFinalTarget: true)!;
        }

        if (Directory.Exists(file.FullName))
        {
            throw new ConfigFileException($"{path} is a folder. Specify the path of a file.");
        }

        if (toWrite && file.Exists && file.IsReadOnly)
        {
            throw new ConfigFileException($"{path} is read-only. Allow writing to it, or specify another path.");
        }

        if (file.Exists && file.Length > MaxLength)
        {
            throw TooLong(path);
        }

        return file;
    }

    // A link in a repository can point to a device. A device has no length and can return unlimited data.
    private static async Task<byte[]> ReadAllAsync(FileInfo file, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read);
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
