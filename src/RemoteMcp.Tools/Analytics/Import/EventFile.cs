using System.Security.Cryptography;

namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>Reads the file of an import. Only regular files are read, because a device can have endless content.</summary>
internal static class EventFile
{
    private const int ReadBuffer = 64 * 1024;
    private const long MaxBytes = 10L << 30;

    private static readonly TimeSpan s_openTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Returns the hash of a file, which identifies its import.</summary>
    /// <exception cref="ImportException">The file is not a regular file, is too long, or grows.</exception>
    public static async Task<string> HashAsync(FileInfo file, CancellationToken cancellationToken)
    {
        if (Directory.Exists(file.FullName))
        {
            throw new ImportException($"{SafeText.Quote(file.Name)} is a folder. Specify the path of a CSV file.");
        }

        await using var bytes = await OpenAsync(file, cancellationToken);
        if (!bytes.CanSeek)
        {
            throw NotRegular(file);
        }

        if (bytes.Length > MaxBytes)
        {
            throw new ImportException($"{SafeText.Quote(file.Name)} is longer than {MaxBytes >> 30} GiB. Split it into smaller files.");
        }

        var (length, buffer) = (bytes.Length, new byte[ReadBuffer]);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int read; (read = await bytes.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            // A device such as /dev/zero has no length, and can have endless content.
            if (bytes.Position > length)
            {
                throw length == 0 ? NotRegular(file) : Changed();
            }

            hash.AppendData(buffer.AsSpan(0, read));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Returns the error of a file that changes during the import.</summary>
    public static ImportException Changed() => new("The file changed while it was read. None of its events count. Run the import again "
        + "when no program writes to the file.");

    /// <summary>Opens a file.</summary>
    /// <exception cref="ImportException">The file does not open in time. The system waits for a writer when a pipe is opened.</exception>
    public static async Task<FileStream> OpenAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(() => new FileStream(file.FullName, new FileStreamOptions
            {
                Share = FileShare.ReadWrite,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
                BufferSize = ReadBuffer,
            }), cancellationToken).WaitAsync(s_openTimeout, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw NotRegular(file);
        }
    }

    private static ImportException NotRegular(FileInfo file) => new($"{SafeText.Quote(file.Name)} is a pipe or a device, and not a regular "
        + "file. An import reads its file twice. Save the events to a file, and import that file.");
}
