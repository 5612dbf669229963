using System.CommandLine;
using RemoteMcp.Cli.Clients;
using RemoteMcp.Cli.Clients.Jsonc;
using RemoteMcp.Clients;
using RemoteMcp.ToolCalls;

namespace RemoteMcp.Cli.Commands;

/// <summary>
/// Creates the command <c>remote-mcp config</c>, which prints a client's configuration for this server or writes it to the client's file.
/// Standard output contains only the configuration, so that other programs can read it. Messages for people go to standard error.
/// </summary>
internal static class ConfigCommand
{
    private const int MaxPath = 4096;
    private const int MaxError = 3 * MaxPath;

    /// <summary>Creates the command for this machine and for the command that started this process.</summary>
    public static Command Create() => Create(UserEnvironment.Current(), LaunchCommand.Current());

    /// <summary>Creates the command for a given machine.</summary>
    public static Command Create(UserEnvironment environment, LaunchCommand launch)
    {
        var command = new Command("config", "Prints or writes the configuration that an MCP client needs to connect to this server.");
        var options = new ConfigOptions(command, environment);
        command.SetAction((arguments, cancellationToken) => RunAsync(options, launch, arguments, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ConfigOptions options, LaunchCommand launch, ParseResult arguments, CancellationToken cancellationToken)
    {
        var (output, error) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        var client = options.Client(arguments);
        var entry = options.Entry(arguments, launch);
        var path = options.ConfigPath(arguments);

        Warn(entry, error);
        if (!options.ShouldWrite(arguments))
        {
            output.Write(client.Snippet(entry));
            Explain(client, entry, path, error);
            return 0;
        }

        try
        {
            var change = await ConfigFile.SetAsync(
                path, options.ConfigFolder(arguments), [client.Section, entry.Name], client.Configuration(entry), cancellationToken);
            Report(client, entry, change, error);
            return 0;
        }
        catch (ConfigFileException exception)
        {
            error.WriteLine($"error: {SafeText.Line(exception.Message, MaxError)}");
            return 1;
        }
    }

    private static void Explain(McpClientApp client, ServerEntry entry, string path, TextWriter error)
    {
        error.WriteLine($"{client.DisplayName} reads this from {path}. Use --write to write it there.");
        if (client.CommandLine(entry) is { } command)
        {
            error.WriteLine($"Or run: {command}");
        }

        if (client.InstallLink(entry) is { } link)
        {
            error.WriteLine($"Or open: {link}");
        }

        error.WriteLine(client.NextStep(path));
    }

    private static void Report(McpClientApp client, ServerEntry entry, ConfigFileChange change, TextWriter error)
    {
        // A link can lead to a path with any characters.
        var path = SafeText.Line(change.Path, MaxPath);
        var name = ClientJson.Compact(entry.Name);
        error.WriteLine(change.Change switch
        {
            JsoncChange.Added => $"Added {name} to {path}.",
            JsoncChange.Replaced =>
                $"Replaced {name} in {path}. The backup of the original file is {SafeText.Line(change.BackupPath!, MaxPath)}.",
            _ => $"{path} already has this entry for {name}. Nothing to do.",
        });
        if (!client.ReadsComments && !change.IsStrictJson)
        {
            error.WriteLine(
                $"warning: the file has comments, trailing commas or a byte order mark, which {client.DisplayName} may refuse to read.");
        }

        error.WriteLine(client.NextStep(path));
    }

    private static void Warn(ServerEntry entry, TextWriter error)
    {
        // JavaScript programs that copy the servers one by one, such as Claude Code, lose a member with the name __proto__.
        if (entry.Name is "__proto__" or ['-', ..] || !entry.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            error.WriteLine(
                "warning: some clients do not accept this name. "
                + "A name is safe if it starts with a letter and has only letters, digits, '-' and '_'.");
        }

        if (entry is HttpServerEntry { Url: { IsLoopback: false, Scheme: "http" } })
        {
            error.WriteLine("warning: http to another machine is not encrypted, and clients may refuse to sign in over it; use https.");
        }

        if (entry is HttpServerEntry { Url.AbsolutePath: "/" })
        {
            error.WriteLine("warning: the URL has no path; this server's MCP endpoint is /mcp.");
        }
    }
}
