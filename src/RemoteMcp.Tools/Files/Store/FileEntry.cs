using System.Text.Json.Serialization;

namespace RemoteMcp.Tools.Files.Store;

/// <summary>What stands at a path.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FileKind>))]
internal enum FileKind
{
    /// <summary>A regular file, or a blob.</summary>
    [JsonStringEnumMemberName("file")]
    File,

    /// <summary>A directory, or what blob names share up to a slash.</summary>
    [JsonStringEnumMemberName("directory")]
    Directory,

    /// <summary>A symbolic link, which is followed only when it is named and stays inside the root.</summary>
    [JsonStringEnumMemberName("link")]
    Link,

    /// <summary>A device, pipe or socket, which is never opened.</summary>
    [JsonStringEnumMemberName("other")]
    Other,
}

/// <summary>One entry of a store.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Kind">What it is.</param>
internal sealed record FileEntry(FilePath Path, FileKind Kind)
{
    /// <summary>A file's length in bytes.</summary>
    public long? Length { get; init; }

    /// <summary>When it was last written.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Names this version of a file's content: it changes when the content does.</summary>
    public string? ETag { get; init; }

    /// <summary>
    /// What entries are ordered by, ordinally: the path, with a slash behind a directory's, so that the order of one level is
    /// also the order of the whole tree's paths.
    /// </summary>
    public string Position => Kind == FileKind.Directory ? Path.Value + "/" : Path.Value;
}

/// <summary>An open file.</summary>
/// <param name="Entry">The file as it was when it was opened.</param>
/// <param name="Stream">Its bytes from the asked offset on; to be read forwards only.</param>
internal sealed record FileContent(FileEntry Entry, Stream Stream) : IAsyncDisposable
{
    /// <summary>Closes the file.</summary>
    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}
