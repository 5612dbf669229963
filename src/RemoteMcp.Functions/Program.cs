using RemoteMcp.Functions;
using RemoteMcp.Tools;

await FunctionsServer.RunAsync(args, static (mcp, configuration) => mcp.WithTeamTools(configuration));
