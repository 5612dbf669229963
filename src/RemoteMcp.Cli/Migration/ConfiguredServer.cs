using System.Text.Json;

namespace RemoteMcp.Cli.Migration;

/// <summary>Specifies how a client reaches a server.</summary>
internal enum ServerKind
{
    /// <summary>The client starts the server on this machine.</summary>
    Local,

    /// <summary>The client connects to the server by URL.</summary>
    Remote,

    /// <summary>The client connects to the server by URL, through the local proxy <c>mcp-remote</c>.</summary>
    Proxied,

    /// <summary>The client cannot use the entry.</summary>
    Invalid,
}

/// <summary>Represents a server in a client's configuration file.</summary>
/// <param name="Section">The path of the section that contains the server.</param>
/// <param name="Name">The name of the server. It can contain any character of a JSON string.</param>
/// <param name="Kind">A value that specifies how the client reaches the server.</param>
internal sealed record ConfiguredServer(IReadOnlyList<string> Section, string Name, ServerKind Kind)
{
    /// <summary>Gets the entry as it is in the file.</summary>
    public JsonElement Entry { get; init; }

    /// <summary>Gets the command that starts a process, or null if the client starts no process.</summary>
    public Launch? Launch { get; init; }

    /// <summary>Gets the URL of a remote server, or null if the server is local.</summary>
    public Uri? Url { get; init; }

    /// <summary>Gets the names, but not the values, of the environment variables that the entry sets.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Gets the IDs of the VS Code inputs (<c>${input:id}</c>) that the entry uses.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Gets the problem with the entry, or null if the kind is not <see cref="ServerKind.Invalid"/>.</summary>
    public string? Problem { get; init; }
}
