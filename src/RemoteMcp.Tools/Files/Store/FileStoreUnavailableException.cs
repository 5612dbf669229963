using ModelContextProtocol;

namespace RemoteMcp.Tools.Files.Store;

/// <summary>The store as a whole does not answer or refuses the server. The message is what the caller reads: what to do, or whom to tell.</summary>
/// <param name="message">What is wrong, and the remedy.</param>
/// <param name="inner">The storage client's own error, for the operator.</param>
internal sealed class FileStoreUnavailableException(string message, Exception inner) : McpException(message, inner);
