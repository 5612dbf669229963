using RemoteMcp.Cli.Clients;
using RemoteMcp.ToolCalls;

namespace RemoteMcp.Cli.Migration;

/// <summary>Represents the requested moves. All of them are in one file.</summary>
/// <param name="IsMoveRequested">A value that indicates whether the user requested a move.</param>
/// <param name="File">The file that contains the servers, or null if no server was selected.</param>
/// <param name="Moves">The moves, without servers that already use their URL.</param>
/// <param name="Notes">The notes about the moves to show to the user.</param>
internal sealed record MigrationPlan(
    bool IsMoveRequested, ClientConfiguration? File, IReadOnlyList<Move> Moves, IReadOnlyList<string> Notes)
{
    /// <summary>Finds the selected servers and plans their moves.</summary>
    /// <param name="files">The configuration files.</param>
    /// <param name="targets">The URL for each server, by name.</param>
    /// <param name="candidatesTarget">The URL for all other servers that could be remote, or null to move only the named servers.</param>
    /// <exception cref="ConfigFileException">
    /// No file contains the name, the servers are in several files, or an entry cannot be moved.
    /// </exception>
    public static MigrationPlan Create(
        IReadOnlyList<ClientConfiguration> files, IReadOnlyDictionary<string, Uri> targets, Uri? candidatesTarget)
    {
        var chosen = new List<(ClientConfiguration File, ConfiguredServer Server, Uri Url)>();
        foreach (var (name, url) in targets)
        {
            chosen.AddRange(Find(files, name).Select(found => (found.File, found.Server, url)));
        }

        if (candidatesTarget is not null)
        {
            chosen.AddRange(from file in files
                            from server in file.Servers
                            where server.Kind == ServerKind.Local
                                && !targets.ContainsKey(server.Name)
                                && Assessment.Of(server).IsRemoteCandidate
                            select (file, server, candidatesTarget));
        }

        ClientConfiguration[] touched = [.. chosen.Select(each => each.File).Distinct()];
        if (touched.Length > 1)
        {
            var paths = string.Join(", ", touched.Select(file => file.Path));
            throw new ConfigFileException(
                $"The servers are in {touched.Length} files: {paths}. Specify one file with its path, or with --client and --scope.");
        }

        Move[] moves = [.. chosen.Select(each => Move.Plan(each.File.Client, each.Server, each.Url)).OfType<Move>()];
        return new(targets.Count > 0 || candidatesTarget is not null, touched.FirstOrDefault(), moves,
            [.. NotesOf(chosen.Select(each => (each.Server.Name, each.Url)), chosen.Count - moves.Length)]);
    }

    private static (ClientConfiguration File, ConfiguredServer Server)[] Find(IReadOnlyList<ClientConfiguration> files, string name)
    {
        (ClientConfiguration File, ConfiguredServer Server)[] found =
            [.. from file in files from server in file.Servers where server.Name == name select (file, server)];
        var names = files.SelectMany(file => file.Servers).Select(server => SafeText.Quote(server.Name)).Distinct();
        return found.Length > 0 ? found : throw new ConfigFileException(
            $"No server is called {SafeText.Quote(name)}. The servers are: {string.Join(", ", names)}.");
    }

    private static IEnumerable<string> NotesOf(IEnumerable<(string Name, Uri Url)> chosen, int unchanged)
    {
        if (unchanged > 0)
        {
            yield return unchanged == 1 ? "one entry already uses its URL." : $"{unchanged} entries already use their URLs.";
        }

        foreach (var same in chosen.GroupBy(each => each.Url).Where(group => group.Select(each => each.Name).Distinct().Count() > 1))
        {
            yield return $"{string.Join(", ", same.Select(each => SafeText.Quote(each.Name)).Distinct())} now use the same URL. "
                + "The client lists each tool once for every entry. Keep one of the entries.";
        }

        foreach (var url in chosen.Select(each => each.Url).Distinct().Where(url => url is { Scheme: "http", IsLoopback: false }))
        {
            yield return $"{url} is not encrypted, and clients may refuse to sign in over it; use https.";
        }
    }
}
