namespace RemoteMcp.Storage;

/// <summary>
/// Represents a table of a feature. Features register their tables with <c>AddStateTable</c>, so that the expired rows are deleted.
/// </summary>
/// <param name="Name">The table name, without the operator's prefix.</param>
internal sealed record StateTable(string Name);
