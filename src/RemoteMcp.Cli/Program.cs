using System.CommandLine;
using RemoteMcp.Cli.Commands;

var root = new RootCommand("Your team's tools as one remote MCP server, and the same tools on this machine.")
{
    ServeCommand.Create(),
    StdioCommand.Create(),
};

// The hosts handle Ctrl+C themselves: streams end first, then the process.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
