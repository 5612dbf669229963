namespace RemoteMcp.Clients;

/// <summary>Represents an MCP server in the configuration of a client.</summary>
/// <param name="Name">The name of the server in the client, which is the key of its entry.</param>
internal abstract record ServerEntry(string Name);

/// <summary>Represents a server with a URL for Streamable HTTP.</summary>
/// <param name="Name"><inheritdoc/></param>
/// <param name="Url">The absolute http or https URL of the endpoint.</param>
internal sealed record HttpServerEntry(string Name, Uri Url) : ServerEntry(Name);

/// <summary>Represents a server that the client starts and communicates with over standard input and output.</summary>
/// <param name="Name"><inheritdoc/></param>
/// <param name="Command">The executable.</param>
/// <param name="Arguments">The arguments of the executable, unquoted.</param>
internal sealed record StdioServerEntry(string Name, string Command, IReadOnlyList<string> Arguments) : ServerEntry(Name);
