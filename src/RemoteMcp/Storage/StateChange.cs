namespace RemoteMcp.Storage;

/// <summary>Represents one change of an atomic batch.</summary>
/// <param name="Row">The row key.</param>
public abstract record StateChange(string Row)
{
    /// <summary>Inserts a row that must not exist.</summary>
    /// <param name="Row">The row key.</param>
    /// <param name="Body">The JSON body.</param>
    /// <param name="ExpiresAt">The time from which the row counts as absent.</param>
    public sealed record Insert(string Row, BinaryData Body, DateTimeOffset ExpiresAt) : StateChange(Row);

    /// <summary>Replaces a row that has not changed since it was read.</summary>
    /// <param name="Row">The row key.</param>
    /// <param name="ETag">The ETag of the version that was read.</param>
    /// <param name="Body">The new JSON body.</param>
    /// <param name="ExpiresAt">The time from which the row counts as absent.</param>
    public sealed record Replace(string Row, string ETag, BinaryData Body, DateTimeOffset ExpiresAt) : StateChange(Row);

    /// <summary>
    /// Deletes a row. With an ETag, it deletes only that version, which must exist. Without an ETag, it deletes any version, and the row
    /// may be absent.
    /// </summary>
    /// <param name="Row">The row key.</param>
    /// <param name="ETag">The ETag of the version that was read, or <see langword="null"/> for any version.</param>
    public sealed record Delete(string Row, string? ETag = null) : StateChange(Row);
}
