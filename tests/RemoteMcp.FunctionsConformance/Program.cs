using RemoteMcp.ConformanceServer;
using RemoteMcp.Functions;

// The Functions app from src/ with the fixtures of the conformance suite instead of the team's tools.
return await FunctionsServer.RunAsync(args, static (mcp, _) => mcp.WithConformanceFixtures());
