using System.Reflection;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Auth.Authorization;
using RemoteMcp.Auth.OnBehalfOf;
using RemoteMcp.AuthorizationServer;
using RemoteMcp.Configuration;
using RemoteMcp.DataProtection;
using RemoteMcp.Elicitation;
using RemoteMcp.Fleet;
using RemoteMcp.HomePage;
using RemoteMcp.Http;
using RemoteMcp.Limits;
using RemoteMcp.ManagedIdentity;
using RemoteMcp.Observability;
using RemoteMcp.Sessions;
using RemoteMcp.Storage;

namespace RemoteMcp;

/// <summary>Provides extension methods that register the MCP server.</summary>
public static class RemoteMcpServices
{
    /// <summary>
    /// Adds the MCP server with the HTTP transport and all services that <see cref="RequestPipeline"/> requires. The settings come from the
    /// section <see cref="RemoteMcpOptions.Section"/> and are validated when the host starts.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configuration">The configuration of the host.</param>
    /// <returns>The SDK's builder, which adds tools, prompts, and resources.</returns>
    public static IMcpServerBuilder AddRemoteMcp(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<HttpOptions>(configuration, HttpOptions.Section);
        services.AddSingleton<IValidateOptions<HttpOptions>, HttpOptionsValidator>();
        services.AddSingleton<AllowedOrigins>();
        services.AddShutdown();
        services.AddSingleton<RequestPipeline>();
        services.AddRouting();
        var health = services.AddHealthChecks().AddCheck<StorageHealthCheck>("state");
        if (!string.IsNullOrWhiteSpace(configuration[$"{KeyProtectionOptions.Section}:{nameof(KeyProtectionOptions.KeyVaultKey)}"]))
        {
            health.AddCheck<KeyRingHealthCheck>("keys");
        }

        services.AddCors();
        services.AddOptions<CorsOptions>()
            .Configure<AllowedOrigins>((cors, origins) => cors.AddDefaultPolicy(policy => BrowserClients.Configure(policy, origins)));

        services.AddSingleton<StorageHealthCheck>();
        services.AddCallerAuthentication(configuration);
        services.AddPermissions();
        services.AddOnBehalfOf();
        services.AddAuthorizationServer(configuration);
        services.AddLimits(configuration);
        services.AddFleet(configuration);
        services.AddSessions(configuration);
        services.AddHomePage(configuration);
        services.AddTelemetry(configuration, "remote-mcp", Version);
        var mcp = services.AddRemoteMcpServer(configuration).WithHttpTransport();
        // Hosted services stop in the reverse order of their registration, and CallDrain must stop before the SDK.
        services.AddHostedService<CallDrain>();
        services.AddSingleton<AuditLog>().AddSingleton<AuditFilters>().AddCompleteLog<AuditLog>();
        return mcp;
    }

    /// <summary>Adds the MCP server without the HTTP transport, for another transport (stdio).</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configuration">The configuration of the host.</param>
    /// <returns>The SDK's builder, which adds a transport, tools, prompts, and resources.</returns>
    public static IMcpServerBuilder AddRemoteMcpServer(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSafeLogging();
        services.AddOptions<RemoteMcpOptions>().Bind(configuration.GetSection(RemoteMcpOptions.Section)).ValidateOnStart();
        services.PostConfigure<RemoteMcpOptions>(server =>
        {
            if (string.IsNullOrEmpty(server.PublicUrl) && AzurePlatform.HostName(configuration) is { } hostName)
            {
                server.PublicUrl = "https://" + hostName;
            }
        });
        services.AddSingleton<IValidateOptions<RemoteMcpOptions>, RemoteMcpOptionsValidator>();
        services.AddKnownSections();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<McpServerOptions>().Configure<IOptions<RemoteMcpOptions>>((mcp, server) =>
        {
            mcp.ServerInfo = new() { Name = server.Value.Name, Version = Version };
            mcp.ServerInstructions = server.Value.Instructions;
        }).ValidateOnStart();
        services.AddStorage(configuration);
        services.AddElicitation(configuration);
        services.AddCloudIdentity();
        services.AddSingleton<IPostConfigureOptions<McpServerOptions>, ToolPipeline>();
        return services.AddMcpServer();
    }

    /// <summary>Adds the MCP server with the options that the host for standard input and output requires.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configuration">The configuration of the host.</param>
    /// <returns>The SDK's builder, which adds tools, prompts, and resources.</returns>
    internal static IMcpServerBuilder AddRemoteMcpOverStdio(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<HttpOptions>(configuration, HttpOptions.Section);
        services.AddSingleton<IValidateOptions<HttpOptions>, HttpOptionsValidator>();
        services.AddStrictOptions<StdioOptions>(configuration, StdioOptions.Section);
        services.AddSingleton<IValidateOptions<StdioOptions>, StdioOptionsValidator>();
        return services.AddRemoteMcpServer(configuration);
    }

    /// <summary>
    /// Makes the sections of all features known, so that a host that runs only some of the features, such as stdio, accepts the same
    /// settings.
    /// </summary>
    internal static IServiceCollection AddKnownSections(this IServiceCollection services) => services
        .AddKnownSection<HttpOptions>(HttpOptions.Section)
        .AddKnownSection<StdioOptions>(StdioOptions.Section)
        .AddKnownSection<AuthOptions>(AuthOptions.Section)
        .AddKnownSection<AuthorizationServerOptions>(AuthorizationServerOptions.Section)
        .AddKnownSection<LimitOptions>(LimitOptions.Section)
        .AddKnownSection<SessionOptions>(SessionOptions.Section)
        .AddKnownSection<FleetOptions>(FleetOptions.Section)
        .AddKnownSection<HomePageOptions>(HomePageOptions.Section)
        .AddKnownSection<ElicitationOptions>(ElicitationOptions.Section)
        .AddKnownSection<AppCredentialOptions>(AppCredentialOptions.Section)
        .AddKnownSection<KeyProtectionOptions>(KeyProtectionOptions.Section);

    private static string Version =>
        typeof(RemoteMcpServices).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
