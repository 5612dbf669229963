using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Configuration;
using RemoteMcp.Http;

namespace RemoteMcp.Functions;

/// <summary>Runs the server in the worker process of a Functions app.</summary>
public static class FunctionsServer
{
    // The host does not apply the filters in host.json to the log lines of the worker, so the worker sets its own levels.
    // App settings override them (Logging__LogLevel__Microsoft.AspNetCore).
    private static readonly KeyValuePair<string, string?>[] s_logLevels =
    [
        new("Logging:LogLevel:Microsoft.AspNetCore", "Warning"),
        new("Logging:LogLevel:ModelContextProtocol", "Warning"),
    ];

    // The time after ShutdownDelay and ShutdownGrace in which the server sends errors to interrupted clients and saves the events of
    // resumable streams.
    private static readonly TimeSpan s_finalWritesTime = TimeSpan.FromSeconds(2);

    /// <summary>Runs the server until the Functions host stops the worker.</summary>
    /// <param name="args">The arguments from the Functions host.</param>
    /// <param name="addTools">The delegate that adds the tools, prompts, and resources of the server.</param>
    /// <returns>The exit code of the process.</returns>
    public static async Task<int> RunAsync(string[] args, Action<IMcpServerBuilder, IConfiguration> addTools)
    {
        ArgumentNullException.ThrowIfNull(addTools);
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = s_logLevels });
        builder.ConfigureFunctionsWebApplication();
        builder.Services.AddSingleton<IValidateOptions<AuthOptions>, SignInOnAzure>();
        var timeout = new FunctionTimeout(builder.Configuration, AppContext.BaseDirectory);
        builder.Services.AddSingleton<IPostConfigureOptions<HttpOptions>>(timeout).AddSingleton<IValidateOptions<HttpOptions>>(timeout);
        builder.Services.Configure<KestrelServerOptions>(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The pipeline has its own limit (MaxRequestBytes). Its error response has the format of the protocol.
            kestrel.Limits.MaxRequestBodySize = null;
            // Kestrel buffers this much of a body before the pipeline has checked the token and the limits. The default is 1 MiB.
            kestrel.Limits.MaxRequestBufferSize = 64 * 1024;
            // The same for the streams and the connections of HTTP/2. The defaults are 768 KiB and 1 MiB.
            kestrel.Limits.Http2.InitialStreamWindowSize = 64 * 1024;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 128 * 1024;
        });
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<HttpOptions>>(static (host, http) =>
            host.ShutdownTimeout = http.Value.ShutdownDelay + http.Value.ShutdownGrace + s_finalWritesTime);
        addTools(builder.Services.AddRemoteMcp(builder.Configuration), builder.Configuration);
        try
        {
            builder.Services.ValidateSettings(builder.Configuration);
            using var host = builder.Build();
            using var connection = HostConnection.StopWithHost(host.Services.GetRequiredService<IHostApplicationLifetime>());
            await host.RunAsync();
            return 0;
        }
        catch (Exception exception) when (StartupErrors.TryReport(exception, Console.Error))
        {
            return 1;
        }
    }
}
