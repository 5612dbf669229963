namespace RemoteMcp.State;

/// <summary>The address of a row.</summary>
/// <param name="Table">The table: 3 to 63 letters and digits, the first a letter.</param>
/// <param name="Partition">The partition key; rows of one partition are stored together and can change together.</param>
/// <param name="Row">The row key, unique in its partition.</param>
public readonly record struct StateKey(string Table, string Partition, string Row);

/// <summary>A stored row.</summary>
/// <param name="Key">Its address.</param>
/// <param name="Body">Its JSON body.</param>
/// <param name="ETag">Changes with every write; names the version in a conditional change.</param>
/// <param name="ExpiresAt">From this moment on the row counts as absent.</param>
public sealed record StateRow(StateKey Key, BinaryData Body, string ETag, DateTimeOffset ExpiresAt);

/// <summary>A range of row keys in ordinal order; a <see langword="null"/> end is open.</summary>
/// <param name="After">Only row keys greater than this one.</param>
/// <param name="Before">Only row keys less than this one.</param>
public readonly record struct StateRange(string? After = null, string? Before = null);

/// <summary>One change of an atomic batch.</summary>
/// <param name="Row">The row key.</param>
public abstract record StateChange(string Row)
{
    /// <summary>Writes a row that must not exist yet.</summary>
    public sealed record Insert(string Row, BinaryData Body, DateTimeOffset ExpiresAt) : StateChange(Row);

    /// <summary>Replaces a row that has not changed since it was read.</summary>
    public sealed record Replace(string Row, string ETag, BinaryData Body, DateTimeOffset ExpiresAt) : StateChange(Row);

    /// <summary>Deletes a row; with an ETag only that version of it, which must exist.</summary>
    public sealed record Delete(string Row, string? ETag = null) : StateChange(Row);
}
