using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using RemoteMcp.Cli.Hosting.Stdio;
using RemoteMcp.Configuration;

namespace RemoteMcp.Cli.Hosting;

/// <summary>Runs the same tools on standard input and output. Standard output contains only protocol messages.</summary>
internal static class StdioHost
{
    // The time for tools to react to the cancellation of their calls. A tool that ignores it must not keep the process alive.
    private static readonly TimeSpan s_closingTime = TimeSpan.FromSeconds(2);

    /// <summary>Runs the server until standard input has ended and every request has its response, or until Ctrl+C or SIGTERM.</summary>
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
            addTools(builder.Services.AddRemoteMcpOverStdio(builder.Configuration), builder.Configuration);
            builder.Services.AddSingleton<StdioConnection>();
            builder.Services.ValidateSettings(builder.Configuration);
            using var host = builder.Build();
            await host.StartAsync(cancellationToken);
            await ServeAsync(host.Services, cancellationToken);
            await host.StopAsync(CancellationToken.None);
            return 0;
        }
        catch (Exception exception) when (StartupErrors.TryReport(exception, Console.Error))
        {
            return 1;
        }
    }

    private static async Task ServeAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        using var closed = new CancellationTokenSource();
        var loggers = services.GetRequiredService<ILoggerFactory>();
        // The streams stay open, because closing them could wait for a client that neither writes nor reads.
        var input = Console.OpenStandardInput();
        var output = new BufferedStream(Console.OpenStandardOutput());
        await using var transport = new StdioTransport(output, loggers);
        var server = McpServer.Create(
            transport, services.GetRequiredService<IOptions<McpServerOptions>>().Value, loggers, services);
        var running = server.RunAsync(closed.Token);
        await services.GetRequiredService<StdioConnection>().RunAsync(input, transport, stop.Token);
        await closed.CancelAsync();
        await running.WaitAsync(s_closingTime, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
