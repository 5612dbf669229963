using System.CommandLine;
using System.CommandLine.Invocation;
using RemoteMcp.Cli.Commands;

var root = new RootCommand("Runs your team's tools as one remote MCP server, and the same tools on this machine.")
{
    ServeCommand.Create(),
    StdioCommand.Create(),
    ConfigCommand.Create(),
    DoctorCommand.Create(),
    AdviseCommand.Create(),
    MigrateCommand.Create(),
    AnalyticsCommand.Create(),
};

var command = root.Parse(args);
if (command.Action is ParseErrorAction error)
{
    // Write only the error to standard error. A script may read standard output, so the help text must not go there.
    error.ShowHelp = false;
}

// The hosts handle Ctrl+C themselves. They end the streams before the process exits.
return await command.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
