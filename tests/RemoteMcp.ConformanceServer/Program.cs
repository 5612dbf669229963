using Microsoft.Extensions.Configuration;
using RemoteMcp.Cli.Hosting;
using RemoteMcp.ConformanceServer;

// Runs the hosts of remote-mcp with different tools. The default command is `serve`, and every setting can be an argument.
return args is ["stdio", .. var settings]
    ? await StdioHost.RunAsync(
        configuration => configuration.AddCommandLine(settings),
        static (mcp, _) => mcp.WithConformanceFixtures(),
        CancellationToken.None)
    : await ServeHost.RunAsync(
        configuration => configuration.AddCommandLine(args),
        urls: null,
        static (mcp, _) => mcp.WithConformanceFixtures(),
        CancellationToken.None);
