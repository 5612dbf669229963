using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace RemoteMcp.Cli.Hosting;

/// <summary>The same tools on the SDK's stdio transport: only protocol on standard output.</summary>
internal static class StdioHost
{
    /// <summary>Serves until standard input ends.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(
        Action<IConfigurationBuilder> configure,
        Action<IMcpServerBuilder, IConfiguration> addTools,
        CancellationToken cancellationToken)
    {
        try
        {
            var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
            configure(builder.Configuration);
            ConsoleLogging.Configure(builder.Logging);
            addTools(builder.Services.AddRemoteMcpServer(builder.Configuration).WithStdioServerTransport(), builder.Configuration);
            using var host = builder.Build();
            await host.RunAsync(cancellationToken);
            return 0;
        }
        catch (Exception exception) when (StartupErrors.TryReport(exception, Console.Error))
        {
            return 1;
        }
    }
}
