using Azure;

namespace RemoteMcp.Tools.Files.Store.Blobs;

/// <summary>Creates entries from the properties of blobs, both from listings and from responses to a request for one blob.</summary>
internal static class BlobEntry
{
    /// <summary>The metadata key that Data Lake Storage and its tools set on a blob that represents a folder.</summary>
    public const string FolderMark = "hdi_isfolder";

    /// <summary>Returns whether the metadata of a blob says that it represents a folder.</summary>
    public static bool IsFolder(IDictionary<string, string>? metadata) =>
        metadata is not null && metadata.TryGetValue(FolderMark, out var value) && value.Equals("true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Creates the entry of a blob.</summary>
    public static FileEntry Describe(FilePath path, long length, DateTimeOffset? modified, ETag? etag) => new(path, FileKind.File)
    {
        Length = length,
        LastModified = modified,
        // A listing returns the ETag without the quotes that the header has.
        ETag = etag?.ToString().Trim('"'),
    };
}
