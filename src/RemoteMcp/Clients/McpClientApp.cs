using System.Text.Json.Nodes;

namespace RemoteMcp.Clients;

/// <summary>Describes an MCP client: the format and the location of its server configuration.</summary>
internal abstract class McpClientApp
{
    /// <summary>Gets the name of the client on the command line.</summary>
    public abstract string Id { get; }

    /// <summary>Gets the display name of the client.</summary>
    public abstract string DisplayName { get; }

    /// <summary>Gets the top-level property of the client's file that contains the servers by name.</summary>
    public virtual string Section => "mcpServers";

    /// <summary>
    /// Gets the other sections of the client's files that contain servers by name. Each is a path from the top level. <c>*</c> matches any
    /// name.
    /// </summary>
    public virtual IReadOnlyList<string[]> FurtherSections => [];

    /// <summary>Gets whether the client accepts comments and trailing commas. If not, it cannot read a file that has them.</summary>
    public virtual bool ReadsComments => true;

    /// <summary>Returns, in one or two sentences, what the user does after <paramref name="path"/> has the configuration.</summary>
    public abstract string NextStep(string path);

    /// <summary>Returns the value of the server's entry in <see cref="Section"/>.</summary>
    public abstract JsonObject Configuration(ServerEntry entry);

    /// <summary>Returns a complete file with only this server. It ends with a line break.</summary>
    public string Snippet(ServerEntry entry) =>
        ClientJson.Indented(new JsonObject { [Section] = new JsonObject { [entry.Name] = Configuration(entry) } });

    /// <summary>Returns the default path of the client's file, or null if the client has no file with that scope.</summary>
    public abstract string? ConfigPath(ConfigScope scope, UserEnvironment environment);

    /// <summary>Returns the command line that configures the client without a file, or null if the client has no such command.</summary>
    public virtual string? CommandLine(ServerEntry entry) => null;

    /// <summary>Returns the link that installs the server in the client, or null if the client documents no such link.</summary>
    public virtual string? InstallLink(ServerEntry entry) => null;

    /// <summary>Returns an entry with the transport in <c>type</c>, as most clients require.</summary>
    protected static JsonObject TypedConfiguration(ServerEntry entry) => entry switch
    {
        HttpServerEntry http => new() { ["type"] = "http", ["url"] = http.Url.AbsoluteUri },
        StdioServerEntry stdio => new() { ["type"] = "stdio", ["command"] = stdio.Command, ["args"] = Arguments(stdio.Arguments) },
        _ => throw new ArgumentOutOfRangeException(nameof(entry)),
    };

    /// <summary>Returns the arguments as a JSON array.</summary>
    protected static JsonArray Arguments(IEnumerable<string> arguments) => [.. arguments.Select(a => (JsonNode)a)];
}
