using System.Text.Json;
using RemoteMcp.Cli.Clients;
using RemoteMcp.Cli.Clients.Jsonc;
using RemoteMcp.Clients;

namespace RemoteMcp.Cli.Migration;

/// <summary>Represents the contents of a client's configuration file: the bytes, and the servers that they define.</summary>
/// <param name="Client">The client that uses the file.</param>
/// <param name="Path">The path of the file.</param>
/// <param name="Content">The bytes of the file.</param>
/// <param name="Servers">The servers, by section, in the order of the file.</param>
/// <param name="Notes">The notes about the file to show to the user.</param>
internal sealed record ClientConfiguration(
    McpClientApp Client, string Path, byte[] Content, IReadOnlyList<ConfiguredServer> Servers, IReadOnlyList<string> Notes)
{
    private static readonly string[] s_sectionNames = ["servers", "mcpServers"];

    /// <summary>Reads a configuration file.</summary>
    /// <exception cref="ConfigFileException">The file cannot be read, or it is not JSON with comments.</exception>
    public static async Task<ClientConfiguration> ReadAsync(McpClientApp client, string path, CancellationToken cancellationToken)
    {
        var content = await ConfigFile.ReadAsync(path, cancellationToken);
        try
        {
            var json = JsoncText.ReplaceComments(content);
            if (JsoncText.IsWhiteSpace(json))
            {
                return new(client, path, content, [], ["The file is empty."]);
            }

            using var document = JsonDocument.Parse(json, JsoncText.DocumentOptions);
            var root = document.RootElement.Clone();
            return root.ValueKind == JsonValueKind.Object
                ? Read(client, path, content, root)
                : throw new ConfigFileException(
                    $"{path}: The top level is {EntryReader.KindName(root)}, but must be an object. The file was not changed.");
        }
        catch (JsoncException exception)
        {
            throw new ConfigFileException(
                $"{path}({exception.Line},{exception.Column}): {exception.Message} The file was not changed.", exception);
        }
    }

    private static ClientConfiguration Read(McpClientApp client, string path, byte[] content, JsonElement root)
    {
        var servers = new List<ConfiguredServer>();
        var notes = new List<string>();
        foreach (var (section, value) in new[] { new[] { client.Section } }.Concat(client.FurtherSections)
            .SelectMany(pattern => Find(root, pattern, [])))
        {
            if (value.ValueKind != JsonValueKind.Object)
            {
                notes.Add($"{string.Join('.', section)} is {EntryReader.KindName(value)}, but must be an object. "
                    + $"{client.DisplayName} finds no server in it.");
                continue;
            }

            notes.AddRange(value.EnumerateObject().Select(EntryReader.NameOf).OfType<string>()
                .GroupBy(name => name, StringComparer.Ordinal)
                .Where(same => same.Count() > 1)
                .Select(same => $"The name {ClientJson.Compact(same.Key)} appears {same.Count()} times. "
                    + "Clients use the last entry, and only this entry is shown. The other entries are not changed."));
            servers.AddRange(Members(value).Select(member => EntryReader.Read(section, member.Name, member.Value)));
        }

        notes.AddRange(s_sectionNames.Where(name => name != client.Section && root.TryGetProperty(name, out _))
            .Select(name => $"The file also has a section {name}, which {client.DisplayName} does not read. The section is not changed."));
        if (!client.ReadsComments && !JsoncText.IsStrict(content))
        {
            notes.Add($"The file has comments, trailing commas or a byte order mark, which {client.DisplayName} may refuse to read.");
        }

        return new(client, path, content, servers, notes);
    }

    private static IEnumerable<(IReadOnlyList<string> Path, JsonElement Value)> Find(
        JsonElement parent, ReadOnlyMemory<string> pattern, string[] path)
    {
        if (pattern.IsEmpty)
        {
            return [(path, parent)];
        }

        if (parent.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        var name = pattern.Span[0];
        return Members(parent)
            .Where(member => name == "*" || member.Name == name)
            .SelectMany(member => Find(member.Value, pattern[1..], [.. path, member.Name]));
    }

    // If several members have the same name, parsers and the editor use the last one.
    // Members with a name that is not valid Unicode are left out, because the command can neither show nor select them.
    private static IEnumerable<(string Name, JsonElement Value)> Members(JsonElement value)
    {
        var last = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (EntryReader.NameOf(member) is { } name)
            {
                last[name] = member.Value;
            }
        }

        return last.Select(member => (member.Key, member.Value));
    }
}
