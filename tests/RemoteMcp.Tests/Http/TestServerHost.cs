using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;
using RemoteMcp.Http;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Http;

/// <summary>Hosts the pipeline with <see cref="TestTools"/> on a real Kestrel server with a separate port.</summary>
internal sealed class TestServerHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _runningRequests;

    private TestServerHost(WebApplication app)
    {
        _app = app;
        Url = new Uri(app.Urls.Single());
        Client = CreateClient();
    }

    public Uri Url { get; }

    /// <summary>Gets a client that sends requests unchanged, without redirects, cookies, and a proxy.</summary>
    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Gets the number of requests that the pipeline has not completed.</summary>
    public int RunningRequests => Volatile.Read(ref _runningRequests);

    /// <summary>Gets the object that synchronizes the test with the tools <c>waits</c> and <c>stubborn</c>.</summary>
    public Rendezvous Rendezvous => Services.GetRequiredService<Rendezvous>();

    /// <param name="settings">The configuration, for example <c>RemoteMcp:Http:KeepAlive</c>.</param>
    /// <param name="time">The time provider of the server; the system's time provider if it is null.</param>
    /// <param name="configure">The registration of additional services, for example tools.</param>
    public static async Task<TestServerHost> StartAsync(
        IReadOnlyDictionary<string, string?>? settings = null, TimeProvider? time = null, Action<IMcpServerBuilder>? configure = null)
    {
        TestServerHost? host = null;
        var app = await LocalServer.StartPipelineAsync(
            builder =>
            {
                // All tests are the same caller, and they create hundreds of sessions in one minute.
                builder.Configuration.AddInMemoryCollection([new("RemoteMcp:Sessions:MaxNewPerMinute", "100000")]);
                builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
                builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = null);
                if (time is not null)
                {
                    builder.Services.AddSingleton(time);
                }

                builder.Services.AddSingleton<Rendezvous>();
                builder.Services.AddOptions<HostOptions>().Configure<IOptions<HttpOptions>>(static (host, http) =>
                    host.ShutdownTimeout = http.Value.ShutdownDelay + http.Value.ShutdownGrace + TimeSpan.FromSeconds(3));
                var server = builder.Services.AddRemoteMcp(builder.Configuration).WithTools<TestTools>();
                configure?.Invoke(server);
                builder.Services.ValidateSettings(builder.Configuration);
            },
            app => app.Use((context, next) => host!.CountAsync(context, next)),
            TestContext.Current.CancellationToken);
        return host = new TestServerHost(app);
    }

    /// <summary>Stops the host, as Ctrl+C or SIGTERM does.</summary>
    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    /// <summary>Asks the host to stop, without waiting for it.</summary>
    public void RequestStop() => _app.Lifetime.StopApplication();

    public async ValueTask DisposeAsync()
    {
        Services.GetRequiredService<Rendezvous>().Release();
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private async Task CountAsync(HttpContext context, RequestDelegate next)
    {
        Interlocked.Increment(ref _runningRequests);
        try
        {
            await next(context);
        }
        finally
        {
            Interlocked.Decrement(ref _runningRequests);
        }
    }

    private HttpClient CreateClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
    })
    {
        BaseAddress = Url,
        Timeout = TimeSpan.FromMinutes(1),
    };
}
