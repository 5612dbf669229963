namespace RemoteMcp.Cli.Clients;

/// <summary>A configuration file that cannot be read or written. The message is for the person at the terminal.</summary>
internal sealed class ConfigFileException(string message, Exception? inner = null) : Exception(message, inner);
