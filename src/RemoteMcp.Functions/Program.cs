using RemoteMcp.Functions;
using RemoteMcp.Tools;

return await FunctionsServer.RunAsync(args, static (mcp, configuration) => mcp.WithTeamTools(configuration));
