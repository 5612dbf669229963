using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RemoteMcp.Storage;
using RemoteMcp.Testing.Http;

namespace RemoteMcp.Testing.Sessions;

/// <summary>Several instances of the server in this process. Each has its own port, and all share one state store.</summary>
internal sealed class InProcessFleet : IAsyncDisposable
{
    /// <summary>The header that identifies the caller of a request. Without it, the caller is anonymous.</summary>
    public const string CallerHeader = "Test-Caller";

    private readonly List<WebApplication> _instances = [];
    private int _disconnectedRequests;

    public IReadOnlyList<Uri> Urls { get; private set; } = [];

    /// <summary>Releases the tool <c>hold</c>, on whichever instance it runs.</summary>
    public Rendezvous Rendezvous { get; } = new();

    /// <summary>The number of requests that ended because their client disconnected.</summary>
    public int DisconnectedRequests => Volatile.Read(ref _disconnectedRequests);

    public static Task<InProcessFleet> StartAsync(
        int instances, CancellationToken cancellationToken, params (string Name, string Value)[] settings) =>
        StartAsync(instances, new MemoryStateStore(TimeProvider.System), cancellationToken, settings);

    public static Task<InProcessFleet> StartAsync(
        int instances, IStateStore store, CancellationToken cancellationToken, params (string Name, string Value)[] settings) =>
        StartAsync(instances, store, static _ => { }, cancellationToken, settings);

    public static async Task<InProcessFleet> StartAsync(
        int instances,
        IStateStore store,
        Action<IServiceCollection> configure,
        CancellationToken cancellationToken,
        params (string Name, string Value)[] settings)
    {
        var fleet = new InProcessFleet();
        var urls = new List<Uri>();
        for (var i = 0; i < instances; i++)
        {
            var app = await LocalServer.StartPipelineAsync(
                builder =>
                {
                    builder.Configuration.AddInMemoryCollection(
                        settings.Select(static setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
                    builder.Logging.SetMinimumLevel(LogLevel.Warning);
                    builder.Services.AddSingleton(store);
                    builder.Services.AddSingleton(fleet.Rendezvous);
                    builder.Services.AddRemoteMcp(builder.Configuration).WithTools<FleetTools>();
                    configure(builder.Services);
                },
                app => app.Use(fleet.CountDisconnectedAsync).Use(IdentifyAsync),
                cancellationToken);
            fleet._instances.Add(app);
            urls.Add(new Uri(new Uri(app.Urls.First()), "/mcp"));
        }

        fleet.Urls = urls;
        return fleet;
    }

    public T Service<T>(int instance)
        where T : notnull => _instances[instance].Services.GetRequiredService<T>();

    /// <summary>Stops an instance as SIGTERM does.</summary>
    public Task StopAsync(int instance, CancellationToken cancellationToken) => _instances[instance].StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_instances.Select(static instance => instance.DisposeAsync().AsTask()));
    }

    private async Task CountDisconnectedAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.RequestAborted.IsCancellationRequested)
        {
            Interlocked.Increment(ref _disconnectedRequests);
        }
    }

    // Replaces a validated token. The format is tenant/user/client app.
    private static Task IdentifyAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers[CallerHeader].ToString().Split('/') is [var tenant, var user, var client])
        {
            context.User = new ClaimsPrincipal(
                new ClaimsIdentity([new("tid", tenant), new("oid", user), new("azp", client), new("sub", user)], "Test"));
        }

        return next(context);
    }
}
