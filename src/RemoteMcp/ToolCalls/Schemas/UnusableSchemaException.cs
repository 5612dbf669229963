namespace RemoteMcp.ToolCalls.Schemas;

/// <summary>
/// The exception that is thrown when a schema is invalid or uses a keyword that the server does not enforce. The message is for the author
/// of the tool.
/// </summary>
internal sealed class UnusableSchemaException(string message) : Exception(message);
