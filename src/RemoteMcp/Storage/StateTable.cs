namespace RemoteMcp.Storage;

/// <summary>A table that a feature keeps rows in; registered with <c>AddStateTable</c>, so that its expired rows are deleted.</summary>
/// <param name="Name">The table's name, without the operator's prefix.</param>
internal sealed record StateTable(string Name);
