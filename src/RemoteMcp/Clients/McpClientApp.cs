using System.Text.Json.Nodes;

namespace RemoteMcp.Clients;

/// <summary>What there is to know about one MCP client: how it is told of a server, and where it keeps that.</summary>
internal abstract class McpClientApp
{
    /// <summary>Its name on the command line.</summary>
    public abstract string Id { get; }

    /// <summary>Its name for people.</summary>
    public abstract string DisplayName { get; }

    /// <summary>The top-level property of its file that holds the servers by name.</summary>
    public virtual string Section => "mcpServers";

    /// <summary>Other places of its files that hold servers by name, each a path from the top level; <c>*</c> is any name.</summary>
    public virtual IReadOnlyList<string[]> FurtherSections => [];

    /// <summary>Whether it reads comments and trailing commas; if not, a file that has them is lost on it.</summary>
    public virtual bool ReadsComments => true;

    /// <summary>What a person does once <paramref name="path"/> has the configuration, in a sentence or two.</summary>
    public abstract string NextStep(string path);

    /// <summary>The value of the server's entry under <see cref="Section"/>.</summary>
    public abstract JsonObject Configuration(ServerEntry entry);

    /// <summary>The whole file of a client that knows only this server; ends with a line break.</summary>
    public string Snippet(ServerEntry entry) =>
        ClientJson.Indented(new JsonObject { [Section] = new JsonObject { [entry.Name] = Configuration(entry) } });

    /// <summary>The default path of its file, or null if it has none of that scope.</summary>
    public abstract string? ConfigPath(ConfigScope scope, UserEnvironment environment);

    /// <summary>The command line that sets the client up without a file, or null if it has none.</summary>
    public virtual string? CommandLine(ServerEntry entry) => null;

    /// <summary>The link that installs the server with a click, or null if the client documents none.</summary>
    public virtual string? InstallLink(ServerEntry entry) => null;

    /// <summary>An entry that says its transport in <c>type</c>, as most clients want it.</summary>
    protected static JsonObject TypedConfiguration(ServerEntry entry) => entry switch
    {
        HttpServerEntry http => new() { ["type"] = "http", ["url"] = http.Url.AbsoluteUri },
        StdioServerEntry stdio => new() { ["type"] = "stdio", ["command"] = stdio.Command, ["args"] = Arguments(stdio.Arguments) },
        _ => throw new ArgumentOutOfRangeException(nameof(entry)),
    };

    /// <summary>The arguments as a JSON array.</summary>
    protected static JsonArray Arguments(IEnumerable<string> arguments) => [.. arguments.Select(a => (JsonNode)a)];
}
