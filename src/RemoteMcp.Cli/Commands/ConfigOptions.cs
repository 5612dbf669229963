using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using RemoteMcp.Cli.Clients;
using RemoteMcp.Clients;

namespace RemoteMcp.Cli.Commands;

/// <summary>Represents and validates the options of <see cref="ConfigCommand"/>.</summary>
internal sealed class ConfigOptions
{
    private const int MaxNameLength = 100;

    private readonly UserEnvironment _environment;

    private readonly Option<string> _client = new("--client")
    {
        Description = "The client to set up.",
        Required = true,
    };

    private readonly Option<Uri> _url = new("--url")
    {
        Description = "The server's MCP endpoint.",
        HelpName = "URL",
        DefaultValueFactory = _ => new Uri("http://127.0.0.1:7071/mcp"),
        CustomParser = static result => ServerUrl.Parse("--url", result.Tokens.Count > 0 ? result.Tokens[0].Value : "", result),
    };

    private readonly Option<bool> _stdio = new("--stdio")
    {
        Description = "Let the client start the server itself, on this machine, instead of connecting to a URL.",
        Arity = ArgumentArity.Zero,
    };

    private readonly Option<string> _name = new("--name")
    {
        Description = "The name of the server in the client.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "remote-mcp",
    };

    private readonly Option<string?> _root = new("--root")
    {
        Description = "With --stdio: the folder that the file tools share [default: the current folder].",
        HelpName = "DIR",
    };

    private readonly Option<string?> _write = new("--write")
    {
        Description = "Write the configuration to the client's file or to PATH. The rest of the file stays unchanged.",
        HelpName = "PATH",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _scope = new("--scope")
    {
        Description = "The file to use: this project's file, or your own file for all projects "
            + "[default: the project's file, if the client has one].",
    };

    /// <summary>Initializes a new instance and adds the options to <paramref name="command"/>.</summary>
    public ConfigOptions(Command command, UserEnvironment environment)
    {
        _environment = environment;
        _client.AcceptOnlyFromAmong([.. ClientCatalog.All.Select(client => client.Id)]);
        _scope.AcceptOnlyFromAmong("project", "user");
        _name.Validators.Add(ValidateName);
        _root.Validators.Add(ValidateRoot);
        command.Validators.Add(ValidateTogether);
        foreach (var option in new Option[] { _client, _url, _stdio, _name, _root, _write, _scope })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Returns the client to configure.</summary>
    public McpClientApp Client(ParseResult arguments) => ClientCatalog.Find(arguments.GetRequiredValue(_client));

    /// <summary>
    /// Returns the server entry for the client. If the client starts the server, the entry uses <paramref name="launch"/>.
    /// </summary>
    public ServerEntry Entry(ParseResult arguments, LaunchCommand launch)
    {
        var name = arguments.GetRequiredValue(_name);
        return arguments.GetValue(_stdio)
            ? launch.Stdio(name, FullPath(arguments.GetValue(_root) ?? "."))
            : new HttpServerEntry(name, arguments.GetRequiredValue(_url));
    }

    /// <summary>Returns whether to write the configuration to <see cref="ConfigPath"/> instead of printing it.</summary>
    public bool ShouldWrite(ParseResult arguments) => arguments.GetResult(_write) is not null;

    /// <summary>Returns the full path of the configuration file.</summary>
    public string ConfigPath(ParseResult arguments)
    {
        if (arguments.GetValue(_write) is { } given)
        {
            return FullPath(given);
        }

        var client = Client(arguments);
        return Scope(arguments.GetValue(_scope)) is { } scope
            ? client.ConfigPath(scope, _environment)!
            : client.ConfigPath(ConfigScope.Project, _environment) ?? client.ConfigPath(ConfigScope.User, _environment)!;
    }

    /// <summary>Returns the folder out of which no link in <see cref="ConfigPath"/> may lead.</summary>
    public string ConfigFolder(ParseResult arguments) => Clients.ConfigPath.FolderOf(ConfigPath(arguments), _environment);

    private string FullPath(string path) => Path.GetFullPath(path, _environment.WorkingDirectory);

    private static ConfigScope? Scope(string? text) => text switch
    {
        "project" => ConfigScope.Project,
        "user" => ConfigScope.User,
        _ => null,
    };

    private static void ValidateName(OptionResult result)
    {
        var name = result.GetValueOrDefault<string>();
        if (string.IsNullOrWhiteSpace(name) || name.Length > MaxNameLength)
        {
            result.AddError($"--name: the name must have 1 to {MaxNameLength} characters and must not be blank.");
        }
        else if (name.EnumerateRunes().Contains(Rune.ReplacementChar))
        {
            result.AddError("--name: the name is not valid Unicode text.");
        }
    }

    private void ValidateRoot(OptionResult result)
    {
        if (result.GetValueOrDefault<string>() is { } root && !Directory.Exists(FullPath(root)))
        {
            result.AddError($"--root: the folder {FullPath(root)} does not exist.");
        }
    }

    private void ValidateTogether(CommandResult result)
    {
        var stdio = result.GetValue(_stdio);
        if (stdio && result.GetResult(_url) is { Implicit: false })
        {
            result.AddError("--url and --stdio cannot be combined. A client either connects to a server or starts it.");
        }

        if (!stdio && result.GetResult(_root) is not null)
        {
            result.AddError("--root requires --stdio. A server with a URL has its own root.");
        }

        if (Scope(Text(result, _scope)) is not { } scope)
        {
            return;
        }

        if (Text(result, _write) is not null)
        {
            result.AddError("--scope and a PATH for --write cannot be combined. Both select the file.");
        }

        var client = ClientCatalog.All.FirstOrDefault(client => client.Id == Text(result, _client));
        if (client is not null && client.ConfigPath(scope, _environment) is null)
        {
            result.AddError($"--scope: {client.DisplayName} has no {Text(result, _scope)} configuration file.");
        }
    }

    // The value of an option that is already invalid is not available here. Its original text is.
    private static string? Text(CommandResult result, Option option) =>
        result.GetResult(option)?.Tokens is [var token, ..] ? token.Value : null;
}
