namespace RemoteMcp.Storage;

/// <summary>One change of an atomic batch.</summary>
/// <param name="Row">The row key.</param>
public abstract record StateChange(string Row)
{
    /// <summary>Writes a row that must not exist yet.</summary>
    /// <param name="Row">The row key.</param>
    /// <param name="Body">The JSON body.</param>
    /// <param name="ExpiresAt">From this moment on the row counts as absent.</param>
    public sealed record Insert(string Row, BinaryData Body, DateTimeOffset ExpiresAt) : StateChange(Row);

    /// <summary>Replaces a row that has not changed since it was read.</summary>
    /// <param name="Row">The row key.</param>
    /// <param name="ETag">The version that was read.</param>
    /// <param name="Body">The new JSON body.</param>
    /// <param name="ExpiresAt">From this moment on the row counts as absent.</param>
    public sealed record Replace(string Row, string ETag, BinaryData Body, DateTimeOffset ExpiresAt) : StateChange(Row);

    /// <summary>
    /// Deletes a row: with an ETag only that version of it, which must exist; without one it makes sure that the row is absent.
    /// </summary>
    /// <param name="Row">The row key.</param>
    /// <param name="ETag">The version that was read, or <see langword="null"/> for whatever is there.</param>
    public sealed record Delete(string Row, string? ETag = null) : StateChange(Row);
}
