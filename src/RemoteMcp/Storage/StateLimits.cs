namespace RemoteMcp.Storage;

/// <summary>
/// Azure Table Storage's limits, which every adapter enforces
/// (https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model).
/// </summary>
public static class StateLimits
{
    /// <summary>The longest table name, in characters; Azure's 63 less what the operator's prefix may take.</summary>
    public const int MaxTableNameLength = 32;

    /// <summary>
    /// The longest partition or row key, in characters. Azure allows 1 KiB of UTF-16; its client library cannot read the answer
    /// to a batch in which a line, the row's URL with both keys percent-encoded, is longer than 4,096 characters.
    /// </summary>
    public const int MaxKeyLength = 200;

    /// <summary>
    /// The largest body, in bytes. An entity holds 1 MiB; a body travels as Base64, four bytes for three, and Azurite measures
    /// what travels.
    /// </summary>
    public const int MaxBodyBytes = 700 * 1024;

    /// <summary>The most operations in one atomic batch.</summary>
    public const int MaxBatchOperations = 100;

    /// <summary>
    /// The largest sum of all bodies in one atomic batch, in bytes: as Base64, and with the longest keys in every URL and
    /// body, it stays below Azure's 4 MiB a request.
    /// </summary>
    public const int MaxBatchBytes = 2 * 1024 * 1024;
}
