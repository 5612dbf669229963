using System.Text.Json.Serialization;

namespace RemoteMcp.Tools.Files.Store;

/// <summary>The type of an entry.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FileKind>))]
internal enum FileKind
{
    /// <summary>A regular file, or a blob.</summary>
    [JsonStringEnumMemberName("file")]
    File,

    /// <summary>A directory, or a common prefix of blob names that ends at a slash.</summary>
    [JsonStringEnumMemberName("directory")]
    Directory,

    /// <summary>A symbolic link. It is followed only if a path names it and its target is inside the root.</summary>
    [JsonStringEnumMemberName("link")]
    Link,

    /// <summary>A device, pipe or socket. It is never opened.</summary>
    [JsonStringEnumMemberName("other")]
    Other,
}

/// <summary>An entry of a file store.</summary>
/// <param name="Path">The path of the entry.</param>
/// <param name="Kind">The type of the entry.</param>
internal sealed record FileEntry(FilePath Path, FileKind Kind)
{
    /// <summary>Gets the length of a file in bytes.</summary>
    public long? Length { get; init; }

    /// <summary>Gets the time of the last write.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Gets the ETag of a file. It changes when the content changes.</summary>
    public string? ETag { get; init; }

    /// <summary>
    /// Gets the sort key of the entry. Entries are in ordinal order of this key: the path, followed by a slash for a directory. The slash
    /// makes the order within one directory the same as the order of the paths in the whole tree.
    /// </summary>
    public string Position => Kind == FileKind.Directory ? Path.Value + "/" : Path.Value;
}

/// <summary>An open file.</summary>
/// <param name="Entry">The entry of the file when it was opened.</param>
/// <param name="Stream">The bytes of the file from the requested offset. The stream can only be read forward.</param>
internal sealed record FileContent(FileEntry Entry, Stream Stream) : IAsyncDisposable
{
    /// <summary>Closes the file.</summary>
    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}
