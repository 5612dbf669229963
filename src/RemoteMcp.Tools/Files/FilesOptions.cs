namespace RemoteMcp.Tools.Files;

/// <summary>What the file tools share, and how much of it at a time. Section <see cref="Section"/> of the configuration.</summary>
public sealed class FilesOptions
{
    /// <summary>The section of the configuration that these settings are read from.</summary>
    public const string Section = "RemoteMcp:Files";

    /// <summary>
    /// The folder that is shared: an existing one, absolute or relative to the current directory, which is the default.
    /// Nothing outside it can be read. Not together with <see cref="Container"/>.
    /// </summary>
    public string? Root { get; set; }

    /// <summary>
    /// Instead of a folder, a container of Azure Blob Storage, or a folder in one: <c>https://ACCOUNT.blob.core.windows.net/CONTAINER[/FOLDER]</c>.
    /// It is read with the server's own identity, which needs the role Storage Blob Data Reader.
    /// </summary>
    public string? Container { get; set => field = Text(value); }

    /// <summary>
    /// Azurite's connection string, for development: <c>UseDevelopmentStorage=true</c>, or the long form; <see cref="Container"/> is then
    /// <c>CONTAINER[/FOLDER]</c>. A real account is refused: it is reached without a key.
    /// </summary>
    public string? ConnectionString { get; set => field = Text(value); }

    /// <summary>
    /// Whether the tools <c>write_file</c> and <c>delete_path</c> are offered; they ask the user before they change anything. Off by
    /// default; a container is read only.
    /// </summary>
    public bool AllowChanges { get; set; }

    /// <summary>The largest text that one <c>write_file</c> call writes, in bytes of UTF-8. 1 KiB to 16 MiB, default 1 MiB.</summary>
    public int MaxWriteBytes { get; set; } = 1024 * 1024;

    /// <summary>How long one call may read; then it answers with what it has and says so. 1 second to 10 minutes, default 60 seconds.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How many files one search reads at a time. 1 to 16, default 4.</summary>
    public int Parallelism { get; set; } = 4;

    /// <summary>The most text that one <c>read_file</c> call returns, in UTF-16 characters. 1,000 to 1,000,000, default 100,000.</summary>
    public int MaxReadLength { get; set; } = 100_000;

    /// <summary>The largest file that can be attached as a resource, in bytes. 1 KiB to 16 MiB, default 1 MiB.</summary>
    public int MaxResourceBytes { get; set; } = 1024 * 1024;

    // Deployment templates pass an empty value for a setting that is left out.
    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
