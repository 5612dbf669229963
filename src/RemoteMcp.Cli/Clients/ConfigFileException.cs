namespace RemoteMcp.Cli.Clients;

/// <summary>
/// The exception that is thrown when a configuration file cannot be read or written. The message is for the user at the terminal.
/// </summary>
internal sealed class ConfigFileException(string message, Exception? inner = null) : Exception(message, inner);
