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
// The hosts handle Ctrl+C themselves. They end the streams before the process exits.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null };
if (command.Action is ParseErrorAction error)
{
    // Write the error and the suggestion ("Did you mean") to standard error, without the help text. A script or a client may read standard
    // output.
    error.ShowHelp = false;
    invocation.Output = invocation.Error;
}

return await command.InvokeAsync(invocation);
