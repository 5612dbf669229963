using System.Text.Json;
using System.Text.Json.Nodes;
using RemoteMcp.Cli.Clients;
using RemoteMcp.Cli.Clients.Jsonc;
using RemoteMcp.Clients;

namespace RemoteMcp.Cli.Migration;

/// <summary>Represents the change of one entry from a command to a URL.</summary>
/// <param name="Server">The current server.</param>
/// <param name="Url">The URL of the remote server.</param>
/// <param name="Entry">The new entry.</param>
/// <param name="Dropped">The names of the properties that the move removes.</param>
internal sealed record Move(ConfiguredServer Server, Uri Url, JsonObject Entry, IReadOnlyList<string> Dropped)
{
    // The properties that define how to start or reach a server. The user's other settings (disabled, timeouts, approvals) stay.
    private static readonly string[] s_replaced =
        ["type", "transport", "command", "args", "env", "envFile", "cwd", "url", "headers", "dev", "sandbox", "sandboxEnabled"];

    /// <summary>Plans the move of a server to a URL.</summary>
    /// <returns>The move, or null if the server already uses the URL.</returns>
    /// <exception cref="ConfigFileException">The entry cannot be moved.</exception>
    public static Move? Plan(McpClientApp client, ConfiguredServer server, Uri url)
    {
        var name = ClientJson.Compact(server.Name);
        var entry = client.Configuration(new HttpServerEntry(server.Name, url));
        var proxied = entry.ContainsKey("command");
        if (server.Url == url && (server.Kind == ServerKind.Remote || server.Kind == ServerKind.Proxied && proxied))
        {
            return null;
        }

        if (server.Kind == ServerKind.Invalid)
        {
            throw new ConfigFileException($"{name} {server.Problem}. Fix or remove the entry by hand.");
        }

        if (server.Kind == ServerKind.Remote)
        {
            // The headers of the entry are for the other URL and may contain secrets.
            throw new ConfigFileException($"{name} is already remote, at another URL. This command moves only local servers. "
                + "Change the entry by hand or with 'remote-mcp config'.");
        }

        var dropped = new HashSet<string>();
        foreach (var member in server.Entry.EnumerateObject())
        {
            if (s_replaced.Contains(member.Name))
            {
                dropped.Add(member.Name);
            }
            else
            {
                entry[member.Name] = JsonNode.Parse(member.Value.GetRawText(), documentOptions: JsoncText.DocumentOptions);
            }
        }

        return new(server, url, entry, [.. dropped.Except(entry.Select(member => member.Key))]);
    }

    /// <summary>Applies the moves to a file, and returns the new content. The bytes outside the entries do not change.</summary>
    /// <exception cref="ConfigFileException">
    /// The file contains a name that is not valid Unicode, or an entry that is nested too deeply.
    /// </exception>
    public static byte[] Apply(IEnumerable<Move> moves, byte[] content)
    {
        try
        {
            return moves.Aggregate(content, static (document, move) =>
                JsoncEditor.Set(document, [.. move.Server.Section, move.Server.Name], move.Entry).Document);
        }
        catch (Exception exception) when (exception is InvalidOperationException or JsonException)
        {
            throw new ConfigFileException(
                "The file has a name that is not valid Unicode, or an entry that is nested too deeply. Fix it by hand. "
                + "The file was not changed.", exception);
        }
    }
}
