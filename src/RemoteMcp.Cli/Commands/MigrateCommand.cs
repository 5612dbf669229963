using System.CommandLine;
using RemoteMcp.Cli.Clients;
using RemoteMcp.Cli.Migration;
using RemoteMcp.Clients;
using RemoteMcp.ToolCalls;

namespace RemoteMcp.Cli.Commands;

/// <summary>
/// Creates the command <c>remote-mcp migrate</c>, which shows which servers of a client are local and which could be remote, and moves
/// selected servers from a command to a URL. The exit code is 0 if the command showed or wrote the changes, or if there was nothing to
/// do. The exit code is 1 if there was an error and nothing was written.
/// </summary>
internal static class MigrateCommand
{
    private const int MaxError = 1000;

    /// <summary>Creates the command for this machine.</summary>
    public static Command Create() => Create(UserEnvironment.Current());

    /// <summary>Creates the command for a given machine.</summary>
    public static Command Create(UserEnvironment environment)
    {
        var command = new Command(
            "migrate",
            "Shows which servers of your MCP clients are local and which could be remote, and moves the servers that you choose to a URL.");
        var options = new MigrateOptions(command);
        command.SetAction((arguments, cancellationToken) => RunAsync(options, environment, arguments, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        MigrateOptions options, UserEnvironment environment, ParseResult arguments, CancellationToken cancellationToken)
    {
        var (output, error) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        try
        {
            var (files, failed) = await ReadAsync(Locate(options, environment, arguments), error, cancellationToken);
            if (files.Count == 0)
            {
                return 1;
            }

            var plan = MigrationPlan.Create(files, options.Targets(arguments), options.CandidatesTarget(arguments));
            var writes = options.ShouldWrite(arguments) && plan.Moves.Count > 0;
            if (writes && failed)
            {
                return 1;
            }

            var after = Move.Apply(plan.Moves, plan.File?.Content ?? []);
            var backup = writes ? await ConfigFile.RewriteAsync(
                plan.File!.Path, ConfigPath.FolderOf(plan.File.Path, environment), plan.File.Content, after, cancellationToken) : null;
            if (options.ShouldPrintJson(arguments))
            {
                output.WriteLine(new MigrationJson(
                    [.. files.Select(FileJson.Of)], [.. plan.Moves.Select(move => MoveJson.Of(plan.File!, move))], writes, backup));
            }
            else
            {
                Report(plan, files, backup, output);
            }

            return failed ? 1 : 0;
        }
        catch (ConfigFileException exception)
        {
            error.WriteLine($"error: {SafeText.Line(exception.Message, MaxError)}");
            return 1;
        }
    }

    private static (McpClientApp Client, string Path)[] Locate(MigrateOptions options, UserEnvironment environment, ParseResult arguments)
    {
        if (options.File(arguments) is { } given)
        {
            var path = Path.GetFullPath(given, environment.WorkingDirectory);
            return [(options.Client(arguments) ?? ClientFiles.Owner(path)
                ?? throw new ConfigFileException($"{path}: the file name does not identify the client. Specify --client with one of "
                    + $"{string.Join(", ", ClientCatalog.All.Select(client => client.Id))}."), path)];
        }

        (McpClientApp Client, string Path)[] found = [.. ClientFiles.Find(
            environment, options.Client(arguments), options.Scope(arguments))];
        return found.Length > 0 ? found : throw new ConfigFileException(
            "No configuration file of a client was found on this machine or in this folder. Specify the path of a file.");
    }

    // Continue with the other files if one file cannot be read.
    private static async Task<(IReadOnlyList<ClientConfiguration> Files, bool Failed)> ReadAsync(
        IEnumerable<(McpClientApp Client, string Path)> places, TextWriter error, CancellationToken cancellationToken)
    {
        var (files, failed) = (new List<ClientConfiguration>(), false);
        foreach (var (client, path) in places)
        {
            try
            {
                files.Add(await ClientConfiguration.ReadAsync(client, path, cancellationToken));
            }
            catch (ConfigFileException exception)
            {
                error.WriteLine($"error: {SafeText.Line(exception.Message, MaxError)}");
                failed = true;
            }
        }

        return (files, failed);
    }

    private static void Report(MigrationPlan plan, IReadOnlyList<ClientConfiguration> files, string? backup, TextWriter output)
    {
        var report = new MigrationReport(output);
        if (!plan.IsMoveRequested)
        {
            foreach (var file in files)
            {
                report.Servers(file);
            }

            output.WriteLine("To move a server, run 'remote-mcp migrate --to NAME=URL'. This shows the change. Add --write to make it.");
            return;
        }

        foreach (var move in plan.Moves)
        {
            report.Move(plan.File!, move);
        }

        foreach (var note in plan.Notes)
        {
            output.WriteLine($"note: {note}");
        }

        if (backup is not null)
        {
            report.Written(plan.File!, backup);
        }
        else
        {
            output.WriteLine(plan.Moves.Count > 0 ? "Nothing was written. Add --write to make the change." : "Nothing to do.");
        }
    }
}
