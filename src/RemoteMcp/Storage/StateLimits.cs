namespace RemoteMcp.Storage;

/// <summary>
/// Specifies the limits of Azure Table Storage, which every implementation enforces
/// (https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model).
/// </summary>
public static class StateLimits
{
    /// <summary>The maximum length of a table name, in characters: Azure's 63, minus the maximum length of the operator's prefix.</summary>
    public const int MaxTableNameLength = 32;

    /// <summary>
    /// The maximum length of a partition key or a row key, in characters. Azure allows 1 KiB of UTF-16. Its client library cannot read the
    /// response to a batch when a line is longer than 4,096 characters, and a line contains the row's URL with both keys percent-encoded.
    /// </summary>
    public const int MaxKeyLength = 200;

    /// <summary>
    /// The maximum size of a body, in bytes. An entity holds 1 MiB. A body is sent as Base64, four bytes for three, and Azurite measures
    /// the Base64 text.
    /// </summary>
    public const int MaxBodyBytes = 700 * 1024;

    /// <summary>The maximum number of operations in one atomic batch.</summary>
    public const int MaxBatchOperations = 100;

    /// <summary>
    /// The maximum size of all bodies in one atomic batch, in bytes. As Base64, and with the longest keys in every URL and body, such a
    /// batch stays below Azure's limit of 4 MiB for a request.
    /// </summary>
    public const int MaxBatchBytes = 2 * 1024 * 1024;
}
