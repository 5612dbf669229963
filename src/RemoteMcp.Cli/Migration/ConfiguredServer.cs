using System.Text.Json;

namespace RemoteMcp.Cli.Migration;

/// <summary>How a client reaches a server.</summary>
internal enum ServerKind
{
    /// <summary>The client starts it.</summary>
    Local,

    /// <summary>By URL.</summary>
    Remote,

    /// <summary>By URL, through the local proxy <c>mcp-remote</c>.</summary>
    Proxied,

    /// <summary>The entry is none that the client could use.</summary>
    Invalid,
}

/// <summary>A server as a client's file names it.</summary>
/// <param name="Section">The path of the section that it is in.</param>
/// <param name="Name">Its name; may hold anything that a JSON string can.</param>
/// <param name="Kind">How it is reached.</param>
internal sealed record ConfiguredServer(IReadOnlyList<string> Section, string Name, ServerKind Kind)
{
    /// <summary>The entry as it stands in the file.</summary>
    public JsonElement Entry { get; init; }

    /// <summary>What is started, if anything is.</summary>
    public Launch? Launch { get; init; }

    /// <summary>The address, of a server that is remote.</summary>
    public Uri? Url { get; init; }

    /// <summary>The names of the environment variables that the entry sets; never their values.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>The ids of the VS Code inputs (<c>${input:id}</c>) that it uses.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>What is wrong with the entry, if it is <see cref="ServerKind.Invalid"/>.</summary>
    public string? Problem { get; init; }
}
