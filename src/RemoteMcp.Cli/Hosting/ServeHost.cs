using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;
using RemoteMcp.Http;

namespace RemoteMcp.Cli.Hosting;

/// <summary>Runs the request pipeline on Kestrel.</summary>
internal static class ServeHost
{
    public const string DefaultUrl = "http://127.0.0.1:7071";

    private const string UrlsOption = "--urls";
    private const string UrlsSetting = "The setting urls (ASPNETCORE_URLS)";
    private const string EndpointsSetting = "The setting Kestrel:Endpoints";

    // The time after ShutdownDelay and ShutdownGrace in which the server sends a last message to interrupted clients, and saves the events
    // that they can resume from.
    private static readonly TimeSpan s_closingTime = TimeSpan.FromSeconds(3);

    // The exit code that shells use for a program that SIGINT ended: 128 + 2.
    private const int InterruptedExitCode = 130;

    /// <summary>Runs the server until Ctrl+C or SIGTERM. A second Ctrl+C ends the process without the graceful shutdown.</summary>
    /// <returns>The exit code of the process.</returns>
    public static async Task<int> RunAsync(
        Action<IConfigurationBuilder> configure,
        string? urls,
        Action<IMcpServerBuilder, IConfiguration> addTools,
        CancellationToken cancellationToken)
    {
        var interrupts = 0;
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ =>
        {
            if (Interlocked.Increment(ref interrupts) > 1)
            {
                Environment.Exit(InterruptedExitCode);
            }
        });
        try
        {
            await using var app = Build(configure, urls, addTools);
            await app.StartAsync(cancellationToken);
            // Check the bound addresses again, in case Kestrel has understood a URL in another way.
            ListenerGuard.Check(FindUrls(urls, app.Configuration).Source, app.Urls, app.Configuration);
            Banner.Write(Console.Out, app);
            await app.WaitForShutdownAsync(cancellationToken);
            return 0;
        }
        catch (Exception exception) when (StartupErrors.TryReport(exception, Console.Error))
        {
            return 1;
        }
    }

    public static WebApplication Build(
        Action<IConfigurationBuilder> configure, string? urls, Action<IMcpServerBuilder, IConfiguration> addTools)
    {
        // Read settings only from the environment and the command line, not from an appsettings.json in the current folder.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        configure(builder.Configuration);
        ConsoleLogging.Configure(builder.Logging);
        var (source, list) = FindUrls(urls, builder.Configuration);
        var listenOn = ListenUrls.Parse(source, list);
        ListenerGuard.Check(source, listenOn, builder.Configuration);
        if (source != EndpointsSetting)
        {
            builder.WebHost.UseUrls(listenOn);
        }

        ListeningServer.Decorate(builder.Services, source, listenOn);
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The pipeline has its own limit, and responds with an error in the format of the protocol.
            kestrel.Limits.MaxRequestBodySize = null;
            // Kestrel buffers this much of a body before the pipeline has checked the token and the limits. The default is 1 MiB.
            kestrel.Limits.MaxRequestBufferSize = 64 * 1024;
            // The same for the streams and the connections of HTTP/2. The defaults are 768 KiB and 1 MiB.
            kestrel.Limits.Http2.InitialStreamWindowSize = 64 * 1024;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 128 * 1024;
        });
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<HttpOptions>>(static (host, http) =>
            host.ShutdownTimeout = http.Value.ShutdownDelay + http.Value.ShutdownGrace + s_closingTime);
        addTools(builder.Services.AddRemoteMcp(builder.Configuration), builder.Configuration);

        builder.Services.ValidateSettings(builder.Configuration);
        var app = builder.Build();
        app.Run(app.Services.GetRequiredService<RequestPipeline>().InvokeAsync);
        return app;
    }

    // Kestrel ignores all other URLs if its own section has endpoints. The host reads the setting urls also from ASPNETCORE_URLS.
    private static (string Source, string List) FindUrls(string? urls, IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren()
            .Select(static endpoint => endpoint["Url"] ?? "").ToList();
        return endpoints.Count > 0 ? (EndpointsSetting, string.Join(';', endpoints))
            : urls is not null ? (UrlsOption, urls)
            : (UrlsSetting, configuration["urls"] ?? DefaultUrl);
    }
}
