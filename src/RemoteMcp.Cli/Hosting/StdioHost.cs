using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RemoteMcp.Configuration;

namespace RemoteMcp.Cli.Hosting;

/// <summary>Runs the same tools on the SDK's stdio transport. Standard output contains only protocol messages.</summary>
internal static class StdioHost
{
    /// <summary>Runs the server until standard input ends.</summary>
    /// <returns>The exit code of the process.</returns>
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
            builder.Services.ValidateSettings(builder.Configuration);
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
