namespace RemoteMcp.Tools.Files;

/// <summary>
/// Options of the file tools: the files that they share, and the limits for one call. Configuration section: <see cref="Section"/>.
/// </summary>
public sealed class FilesOptions
{
    /// <summary>The configuration section of these options.</summary>
    public const string Section = "RemoteMcp:Files";

    /// <summary>
    /// Gets or sets the shared folder. The path must exist, and can be absolute or relative to the current directory. The default is the
    /// current directory. The tools cannot read files outside this folder. Do not set this option together with <see cref="Container"/>.
    /// </summary>
    public string? Root { get; set; }

    /// <summary>
    /// Gets or sets a container of Azure Blob Storage, or a folder in a container, to share instead of a local folder:
    /// <c>https://ACCOUNT.blob.core.windows.net/CONTAINER[/FOLDER]</c>. The server reads it with its own identity, which needs the role
    /// Storage Blob Data Reader.
    /// </summary>
    public string? Container { get; set => field = Text(value); }

    /// <summary>
    /// Gets or sets the connection string of Azurite, for development: <c>UseDevelopmentStorage=true</c>, or the long form. With a
    /// connection string, <see cref="Container"/> has the form <c>CONTAINER[/FOLDER]</c>. Connection strings of real accounts are refused,
    /// because the server accesses these without a key.
    /// </summary>
    public string? ConnectionString { get; set => field = Text(value); }

    /// <summary>
    /// Gets or sets whether the server offers the tools <c>write_file</c> and <c>delete_path</c>. Both ask the user before they change
    /// anything. The default is <see langword="false"/>. A container is always read-only.
    /// </summary>
    public bool AllowChanges { get; set; }

    /// <summary>
    /// Gets the names starting with a dot that <c>write_file</c> and <c>delete_path</c> may change, for example <c>.github</c> or
    /// <c>.editorconfig</c>. Without this setting, they refuse all paths with such a name, because Git, SSH, shells, and editors execute or
    /// trust these files. <c>*</c> allows all names, and also changes in bare Git repositories.
    /// </summary>
    public IList<string> AllowedDotNames { get; } = [];

    /// <summary>
    /// Gets or sets the maximum size of the text that one <c>write_file</c> call writes, in bytes. 1 KiB to 16 MiB, default 1 MiB. A file
    /// that is replaced can have four times this size.
    /// </summary>
    public int MaxWriteBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// Gets or sets how long one call can read. After this time, <c>list_directory</c> and <c>search_files</c> return a partial result and
    /// say so, and <c>read_file</c> returns an error. 1 second to 10 minutes, default 60 seconds.
    /// </summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets or sets the number of files that one search reads in parallel. 1 to 16, default 4.</summary>
    public int Parallelism { get; set; } = 4;

    /// <summary>
    /// Gets or sets the maximum length of the text that one <c>read_file</c> call returns, in UTF-16 characters. 1,000 to 1,000,000,
    /// default 100,000.
    /// </summary>
    public int MaxReadLength { get; set; } = 100_000;

    /// <summary>
    /// Gets or sets the maximum size of a file that can be attached as a resource, in bytes. 1 KiB to 16 MiB, default 1 MiB.
    /// </summary>
    public int MaxResourceBytes { get; set; } = 1024 * 1024;

    // Deployment templates pass an empty value for a setting that the user does not set.
    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
