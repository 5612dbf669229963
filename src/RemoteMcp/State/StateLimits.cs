namespace RemoteMcp.State;

/// <summary>
/// Azure Table Storage's limits, which every adapter enforces
/// (https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model).
/// </summary>
public static class StateLimits
{
    /// <summary>The longest partition or row key, in characters (Azure: 1 KiB of UTF-16).</summary>
    public const int MaxKeyLength = 512;

    /// <summary>The largest body, in bytes; below Azure's 1 MiB an entity, which also holds keys and bookkeeping.</summary>
    public const int MaxBodyBytes = 900 * 1024;

    /// <summary>The most operations in one atomic batch.</summary>
    public const int MaxBatchOperations = 100;

    /// <summary>The largest sum of all bodies in one atomic batch, in bytes; below Azure's 4 MiB a request.</summary>
    public const int MaxBatchBytes = 3 * 1024 * 1024;
}
