using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authorization;
using RemoteMcp.Configuration;
using RemoteMcp.Elicitation;
using RemoteMcp.Fleet;
using RemoteMcp.Sessions.Notifications;
using RemoteMcp.Sessions.Streams;
using RemoteMcp.Storage;

namespace RemoteMcp.Sessions;

/// <summary>Registers sessions and what only clients with sessions need: their streams, batches, and HTTP+SSE.</summary>
internal static class SessionServices
{
    /// <summary>Adds the services of sessions. They require the services of <see cref="FleetServices.AddFleet"/>.</summary>
    public static IServiceCollection AddSessions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<SessionOptions>(configuration, SessionOptions.Section);
        services.AddSingleton<IValidateOptions<SessionOptions>, SessionOptionsValidator>();
        services.AddHttpContextAccessor();

        services.AddSingleton<SessionIds>();
        services.AddSingleton<SessionStore>().AddStateTable(SessionStore.Table);
        services.AddSingleton<SessionDemand>();
        services.AddSingleton<SessionHolders>();
        services.AddSingleton<LiveSessions>();
        services.AddSingleton<CallRegistry>();
        services.AddSingleton<RunningCalls>();
        services.AddSingleton<SessionDelivery>();
        services.AddSingleton<MessageFilters>();
        services.AddSingleton<StateFailures>();
        services.AddSingleton<SessionMiddleware>();
        services.AddSingleton<SessionHandlers>();
        services.AddSingleton<SessionStreams>();
        services.AddSingleton<EventRows>().AddStateTable(EventRows.Table);
        services.AddSingleton<Backlog>();
        services.AddSingleton<StreamClaims>();
        services.AddSingleton<CallFence>();
        services.AddSingleton<IActionFence>(static provider => provider.GetRequiredService<CallFence>());
        services.AddSingleton<StreamResumption>();
        services.AddSingleton<StreamMessages>();
        services.AddInboxHandler<Sessions>();
        services.AddInboxHandler<AnswerRouting>();
        services.AddInboxHandler<GetStreams>();
        services.AddInboxHandler<ResponseStreams>();
        services.AddInboxHandler<LegacySse>();
        services.AddSingleton<ListenStreams>();
        services.AddSingleton(static provider => new ClientNotifier(
            provider.GetRequiredService<GetStreams>(),
            provider.GetRequiredService<ListenStreams>(),
            provider.GetRequiredService<Inbox>(),
            provider.GetRequiredService<PermissionTable>()));
        services.AddSingleton<IInboxHandler>(static provider => provider.GetRequiredService<ClientNotifier>());

        services.AddSingleton<SessionMigration>();
        services.AddSingleton<DetachedCalls>();
        services.AddSingleton<SessionLookup>();
#pragma warning disable MCP9006, MCPEXP002 // The SDK's hooks for sessions of 2025-11-25 and earlier. This server stores those sessions.
        services.AddOptions<HttpServerTransportOptions>().Configure<IServiceProvider>(static (http, provider) =>
        {
            var sessions = provider.GetRequiredService<IOptions<SessionOptions>>().Value;
            http.SessionMode = HttpServerSessionMode.StatefulForInitializeClients;
            http.SessionMigrationHandler = provider.GetRequiredService<SessionMigration>();
            http.EventStreamStore = provider.GetRequiredService<ResponseStreams>();
            http.RunSessionHandler = provider.GetRequiredService<LiveSessions>().RunAsync;
            http.TimeProvider = provider.GetRequiredService<TimeProvider>();
            http.IdleTimeout = sessions.IdleInMemory;
            http.MaxIdleSessionCount = sessions.MaxIdleInMemory;
        });
#pragma warning restore MCP9006, MCPEXP002
        services.AddOptions<McpServerOptions>()
            .PostConfigure<IServiceProvider>(static (mcp, provider) => provider.GetRequiredService<SessionHandlers>().Configure(mcp));
        return services;
    }

    private static void AddInboxHandler<T>(this IServiceCollection services)
        where T : class, IInboxHandler
    {
        services.AddSingleton<T>();
        services.AddSingleton<IInboxHandler>(static provider => provider.GetRequiredService<T>());
    }
}
