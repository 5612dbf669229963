using Azure;

namespace RemoteMcp.Tools.Files.Store.Blobs;

/// <summary>What a blob says of itself, in a listing as in an answer to a request for it.</summary>
internal static class BlobEntry
{
    /// <summary>The metadata by which Data Lake Storage and its tools mark a blob that stands for a folder.</summary>
    public const string FolderMark = "hdi_isfolder";

    /// <summary>Whether a blob's metadata say that it stands for a folder.</summary>
    public static bool IsFolder(IDictionary<string, string>? metadata) =>
        metadata is not null && metadata.TryGetValue(FolderMark, out string? value) && value.Equals("true", StringComparison.OrdinalIgnoreCase);

    /// <summary>A blob as a file.</summary>
    public static FileEntry Describe(FilePath path, long length, DateTimeOffset? modified, ETag? etag) => new(path, FileKind.File)
    {
        Length = length,
        LastModified = modified,
        // A listing writes it without the quotes that a header has.
        ETag = etag?.ToString().Trim('"'),
    };
}
