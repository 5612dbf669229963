using System.Text.Json;
using System.Text.Json.Nodes;
using RemoteMcp.Cli.Clients;
using RemoteMcp.Cli.Clients.Jsonc;
using RemoteMcp.Clients;

namespace RemoteMcp.Cli.Migration;

/// <summary>One entry's way from a command to a URL.</summary>
/// <param name="Server">The entry as it is.</param>
/// <param name="Url">Where it goes.</param>
/// <param name="Entry">The entry as it will be.</param>
/// <param name="Dropped">The names of what the entry loses.</param>
internal sealed record Move(ConfiguredServer Server, Uri Url, JsonObject Entry, IReadOnlyList<string> Dropped)
{
    // What tells how to start or reach a server. The rest (disabled, timeouts, approvals) is the user's and stays.
    private static readonly string[] _replaced =
        ["type", "transport", "command", "args", "env", "envFile", "cwd", "url", "headers", "dev", "sandbox", "sandboxEnabled"];

    /// <summary>Plans the move of a server.</summary>
    /// <returns>The move, or null if the server is there already.</returns>
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
            throw new ConfigFileException($"{name} {server.Problem}; mend or remove it by hand.");
        }

        if (server.Kind == ServerKind.Remote)
        {
            // What it sends (headers) was meant for the other address.
            throw new ConfigFileException($"{name} is remote already, at another URL. migrate moves local servers; change this one by hand or with 'remote-mcp config'.");
        }

        var dropped = new HashSet<string>();
        foreach (var member in server.Entry.EnumerateObject())
        {
            if (_replaced.Contains(member.Name))
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

    /// <summary>The file with the moves made; every byte outside the entries stays.</summary>
    /// <exception cref="ConfigFileException">The file has something that cannot be edited.</exception>
    public static byte[] Apply(IEnumerable<Move> moves, byte[] content)
    {
        try
        {
            return moves.Aggregate(content, static (document, move) =>
                JsoncEditor.Set(document, [.. move.Server.Section, move.Server.Name], move.Entry).Document);
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException)
        {
            throw new ConfigFileException("The file has a name that is not valid Unicode, or an entry that is nested too deeply; mend it by hand. It was left as it is.", e);
        }
    }
}
