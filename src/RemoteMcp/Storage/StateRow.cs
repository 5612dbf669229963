namespace RemoteMcp.Storage;

/// <summary>The address of a row.</summary>
/// <param name="Table">
/// The table: 3 to <see cref="StateLimits.MaxTableNameLength"/> ASCII letters and digits, the first a letter; case is ignored.
/// </param>
/// <param name="Partition">The partition key; rows of one partition are stored together and can change together.</param>
/// <param name="Row">The row key, unique in its partition.</param>
public readonly record struct StateKey(string Table, string Partition, string Row);

/// <summary>A stored row.</summary>
/// <param name="Key">Its address.</param>
/// <param name="Body">Its JSON body.</param>
/// <param name="ETag">Changes with every write; names the version in a conditional change. Opaque.</param>
/// <param name="ExpiresAt">From this moment on the row counts as absent.</param>
public sealed record StateRow(StateKey Key, BinaryData Body, string ETag, DateTimeOffset ExpiresAt);

/// <summary>A range of row keys in ordinal order; a <see langword="null"/> end is open.</summary>
/// <param name="After">Only row keys greater than this one.</param>
/// <param name="Before">Only row keys less than this one.</param>
public readonly record struct StateRange(string? After = null, string? Before = null);

/// <summary>What one page of a sweep did.</summary>
/// <param name="Deleted">How many expired rows it deleted.</param>
/// <param name="Continuation">Where the next page begins; <see langword="null"/> at the table's end. Opaque.</param>
public readonly record struct StateSweep(int Deleted, string? Continuation);
