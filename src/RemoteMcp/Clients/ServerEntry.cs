namespace RemoteMcp.Clients;

/// <summary>An MCP server as a client is told about it.</summary>
/// <param name="Name">What the client calls it; the key of its entry.</param>
internal abstract record ServerEntry(string Name);

/// <summary>A server that is reached by URL over Streamable HTTP.</summary>
/// <param name="Name"><inheritdoc/></param>
/// <param name="Url">The absolute http or https address of its endpoint.</param>
internal sealed record HttpServerEntry(string Name, Uri Url) : ServerEntry(Name);

/// <summary>A server that the client starts itself and talks to over its standard input and output.</summary>
/// <param name="Name"><inheritdoc/></param>
/// <param name="Command">The executable.</param>
/// <param name="Arguments">Its arguments, each one whole.</param>
internal sealed record StdioServerEntry(string Name, string Command, IReadOnlyList<string> Arguments) : ServerEntry(Name);
