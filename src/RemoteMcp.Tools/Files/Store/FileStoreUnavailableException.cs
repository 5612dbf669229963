using ModelContextProtocol;

namespace RemoteMcp.Tools.Files.Store;

/// <summary>
/// The exception for a file store that does not respond or that refuses the server. The caller gets the message, which says what to do or
/// whom to ask.
/// </summary>
/// <param name="message">The problem and its remedy.</param>
/// <param name="inner">The exception of the storage client, for the operator.</param>
internal sealed class FileStoreUnavailableException(string message, Exception inner) : McpException(message, inner);
