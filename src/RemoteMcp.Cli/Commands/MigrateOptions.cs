using System.CommandLine;
using System.CommandLine.Parsing;
using RemoteMcp.Clients;

namespace RemoteMcp.Cli.Commands;

/// <summary>Represents and validates the options of <see cref="MigrateCommand"/>.</summary>
internal sealed class MigrateOptions
{
    private readonly Argument<string?> _file = new("file")
    {
        Description = "The configuration file [default: the files of the clients on this machine and in this folder].",
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "FILE",
    };

    private readonly Option<string?> _client = new("--client")
    {
        Description = "With FILE: the client that uses the file [default: determined by the file name]. "
            + "Without FILE: read only this client's files.",
    };

    private readonly Option<string?> _scope = new("--scope") { Description = "Read only this project's files, or only your own files." };

    private readonly Option<KeyValuePair<string, Uri>[]> _to = new("--to")
    {
        Description = "Move the server NAME to URL. You can repeat this option.",
        HelpName = "NAME=URL",
        CustomParser = ParseTo,
    };

    private readonly Option<Uri?> _url = new("--url")
    {
        Description = "The URL for the servers that --server or --all-remote-candidates choose.",
        HelpName = "URL",
        CustomParser = static result => ServerUrl.Parse("--url", result.Tokens.Count > 0 ? result.Tokens[0].Value : "", result),
    };

    private readonly Option<string[]> _server = new("--server")
    {
        Description = "Move this server to --url. You can repeat this option.",
        HelpName = "NAME",
    };

    private readonly Option<bool> _all = new("--all-remote-candidates")
    {
        Description = "Move every server that could be remote to --url. With --write it also needs --yes.",
        Arity = ArgumentArity.Zero,
    };

    private readonly Option<bool> _yes = new("--yes")
    {
        Description = "Confirm that --write moves all servers that --all-remote-candidates chooses.",
        Arity = ArgumentArity.Zero,
    };

    private readonly Option<bool> _write = new("--write")
    {
        Description = "Write the file, and save a backup next to it. Without this option, the command only shows the changes.",
        Arity = ArgumentArity.Zero,
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON.", Arity = ArgumentArity.Zero };

    /// <summary>Initializes a new instance and adds the options to <paramref name="command"/>.</summary>
    public MigrateOptions(Command command)
    {
        _client.AcceptOnlyFromAmong([.. ClientCatalog.All.Select(client => client.Id)]);
        _scope.AcceptOnlyFromAmong("project", "user");
        command.Arguments.Add(_file);
        foreach (var option in new Option[] { _client, _scope, _to, _url, _server, _all, _yes, _write, _json })
        {
            command.Options.Add(option);
        }

        command.Validators.Add(ValidateTogether);
    }

    /// <summary>Returns the file, or null if the user gave none.</summary>
    public string? File(ParseResult arguments) => arguments.GetValue(_file);

    /// <summary>Returns the client, or null if the user gave none.</summary>
    public McpClientApp? Client(ParseResult arguments) => arguments.GetValue(_client) is { } id ? ClientCatalog.Find(id) : null;

    /// <summary>Returns the scope, or null if the user gave none.</summary>
    public ConfigScope? Scope(ParseResult arguments) => arguments.GetValue(_scope) switch
    {
        "project" => ConfigScope.Project,
        "user" => ConfigScope.User,
        _ => null,
    };

    /// <summary>Returns the URL for each server to move, by the server's name.</summary>
    public IReadOnlyDictionary<string, Uri> Targets(ParseResult arguments)
    {
        var targets = new Dictionary<string, Uri>(arguments.GetValue(_to) ?? [], StringComparer.Ordinal);
        foreach (var name in arguments.GetValue(_server) ?? [])
        {
            targets.TryAdd(name, arguments.GetRequiredValue(_url)!);
        }

        return targets;
    }

    /// <summary>Returns the URL for all servers that could be remote, or null if the user did not request to move them.</summary>
    public Uri? CandidatesTarget(ParseResult arguments) => arguments.GetValue(_all) ? arguments.GetValue(_url) : null;

    /// <summary>Returns whether to write the changes. Otherwise, the command only shows them.</summary>
    public bool ShouldWrite(ParseResult arguments) => arguments.GetValue(_write);

    /// <summary>Returns whether to print JSON.</summary>
    public bool ShouldPrintJson(ParseResult arguments) => arguments.GetValue(_json);

    private static KeyValuePair<string, Uri>[] ParseTo(ArgumentResult result)
    {
        var targets = new Dictionary<string, Uri>(StringComparer.Ordinal);
        foreach (var text in result.Tokens.Select(token => token.Value))
        {
            // A name can also contain '='. The URL starts with its scheme.
            var sign = text.IndexOf("=http", StringComparison.OrdinalIgnoreCase);
            if (sign <= 0)
            {
                result.AddError($"--to: '{text}' is not NAME=URL, such as github=https://mcp.example.com/mcp.");
            }
            else if (ServerUrl.Parse("--to", text[(sign + 1)..], result) is { } url && !targets.TryAdd(text[..sign], url))
            {
                result.AddError($"--to: '{text[..sign]}' is given twice.");
            }
        }

        return [.. targets];
    }

    private void ValidateTogether(CommandResult result)
    {
        bool Given(Option option) => result.GetResult(option) is { Implicit: false };
        if (Given(_url) != (Given(_server) || Given(_all)))
        {
            result.AddError("--url requires --server NAME or --all-remote-candidates, and these options require --url.");
        }

        if (result.GetResult(_file)?.Tokens.Count > 0 && Given(_scope))
        {
            result.AddError("--scope and a FILE cannot be combined. Both select the file.");
        }

        if (Given(_write) && !Given(_to) && !Given(_url))
        {
            result.AddError("--write requires a server to move. Specify --to NAME=URL, or --url URL with --server NAME.");
        }

        if (Given(_write) && Given(_all) && !Given(_yes))
        {
            result.AddError(
                "--all-remote-candidates writes only with --yes. Run it without --write first, and check which servers it chooses.");
        }
    }
}
