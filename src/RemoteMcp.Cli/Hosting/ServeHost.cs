using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RemoteMcp.Http;

namespace RemoteMcp.Cli.Hosting;

/// <summary>The pipeline on Kestrel.</summary>
internal static class ServeHost
{
    public const string DefaultUrl = "http://127.0.0.1:7071";

    // What was cut off is told so, and what clients may resume is written, before the connections are.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    /// <summary>Serves until Ctrl+C or SIGTERM.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(
        Action<IConfigurationBuilder> configure,
        string? urls,
        Action<IMcpServerBuilder, IConfiguration> addTools,
        CancellationToken cancellationToken)
    {
        try
        {
            await using var app = Build(configure, urls, addTools);
            await app.StartAsync(cancellationToken);
            // Once more with what is really bound: Kestrel's own configuration section can add endpoints.
            ListenerGuard.Check(app.Urls, app.Configuration);
            Banner.Write(Console.Out, app);
            await app.WaitForShutdownAsync(cancellationToken);
            return 0;
        }
        catch (Exception exception) when (StartupErrors.TryReport(exception, Console.Error))
        {
            return 1;
        }
    }

    public static WebApplication Build(Action<IConfigurationBuilder> configure, string? urls, Action<IMcpServerBuilder, IConfiguration> addTools)
    {
        // Settings come from the environment and the command line, not from an appsettings.json that happens to lie in the current folder.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        configure(builder.Configuration);
        ConsoleLogging.Configure(builder.Logging);
        var listenOn = urls ?? builder.Configuration["urls"] ?? DefaultUrl;
        ListenerGuard.Check(listenOn.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), builder.Configuration);
        builder.WebHost.UseUrls(listenOn);
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The pipeline has its own limit, which answers in the protocol's shape.
            kestrel.Limits.MaxRequestBodySize = null;
        });
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<HttpOptions>>(static (host, http) =>
            host.ShutdownTimeout = http.Value.ShutdownGrace + Farewell);
        addTools(builder.Services.AddRemoteMcp(builder.Configuration), builder.Configuration);

        var app = builder.Build();
        app.Run(app.Services.GetRequiredService<RequestPipeline>().InvokeAsync);
        return app;
    }
}
