using System.CommandLine;
using System.CommandLine.Invocation;
using RemoteMcp.Cli.Commands;

var root = new RootCommand("Your team's tools as one remote MCP server, and the same tools on this machine.")
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
    // Standard output may be piped: what is wrong goes to standard error alone.
    error.ShowHelp = false;
}

// The hosts handle Ctrl+C themselves: streams end first, then the process.
return await command.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
