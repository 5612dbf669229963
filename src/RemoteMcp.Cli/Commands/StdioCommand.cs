using System.CommandLine;
using RemoteMcp.Cli.Hosting;
using RemoteMcp.Tools;

namespace RemoteMcp.Cli.Commands;

/// <summary>Creates the command <c>remote-mcp stdio</c>, which runs the same tools for the client that starts this process.</summary>
internal static class StdioCommand
{
    public static Command Create()
    {
        var common = new CommonOptions();
        var command = new Command("stdio", "Serves the tools to the client that starts this process, over standard input and output.");
        common.AddTo(command);
        command.SetAction((result, cancellationToken) => StdioHost.RunAsync(
            configuration => common.Configure(configuration, result),
            static (mcp, configuration) => mcp.WithTeamTools(configuration),
            cancellationToken));
        return command;
    }
}
