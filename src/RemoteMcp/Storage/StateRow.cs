namespace RemoteMcp.Storage;

/// <summary>Represents the address of a row.</summary>
/// <param name="Table">
/// The table name: 3 to <see cref="StateLimits.MaxTableNameLength"/> ASCII letters and digits, beginning with a letter. Case is ignored.
/// </param>
/// <param name="Partition">The partition key. The rows of one partition are stored together, and a batch can change them together.</param>
/// <param name="Row">The row key, unique in its partition.</param>
public readonly record struct StateKey(string Table, string Partition, string Row);

/// <summary>Represents a stored row.</summary>
/// <param name="Key">The address of the row.</param>
/// <param name="Body">The JSON body.</param>
/// <param name="ETag">The version of the row for conditional changes. It is opaque, and changes with every write.</param>
/// <param name="ExpiresAt">The time from which the row counts as absent.</param>
public sealed record StateRow(StateKey Key, BinaryData Body, string ETag, DateTimeOffset ExpiresAt);

/// <summary>Represents a range of row keys in ordinal order. A <see langword="null"/> end is open.</summary>
/// <param name="After">The exclusive lower end.</param>
/// <param name="Before">The exclusive upper end.</param>
public readonly record struct StateRange(string? After = null, string? Before = null);

/// <summary>Represents the result of one page of a sweep.</summary>
/// <param name="Deleted">The number of deleted rows.</param>
/// <param name="Continuation">The start of the next page, or <see langword="null"/> at the end of the table. It is opaque.</param>
public readonly record struct StateSweep(int Deleted, string? Continuation);
