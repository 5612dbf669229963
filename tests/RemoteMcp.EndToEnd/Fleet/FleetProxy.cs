using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.EndToEnd.Processes;
using Yarp.ReverseProxy.Forwarder;

namespace RemoteMcp.EndToEnd.Fleet;

/// <summary>
/// The balancer in front of a fleet: each request goes to another instance than the one before. Streams pass unbuffered and may be
/// silent for as long as they like.
/// </summary>
internal sealed class FleetProxy : IAsyncDisposable
{
    /// <summary>Names the process that gets the request instead of the one whose turn it is; for tests that need to know.</summary>
    public const string PinHeader = "X-Fleet-Process";

    // Streams may be silent; the server's own keep-alive is what is under test, not the proxy's patience.
    private static readonly ForwarderRequestConfig s_patient = new() { ActivityTimeout = Timeout.InfiniteTimeSpan };

    private readonly RoundRobin<ServerProcess> _instances;
    private readonly WebApplication _app;

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    });

    private FleetProxy(RoundRobin<ServerProcess> instances, Func<int, ServerProcess?> find)
    {
        _instances = instances;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddHttpForwarder();
        _app = builder.Build();
        var forwarder = _app.Services.GetRequiredService<IHttpForwarder>();
        _app.Run(context => ForwardAsync(context, forwarder, find));
    }

    public Uri Address => new(_app.Urls.First());

    public static async Task<FleetProxy> StartAsync(RoundRobin<ServerProcess> instances, Func<int, ServerProcess?> find, CancellationToken cancellationToken)
    {
        var proxy = new FleetProxy(instances, find);
        await proxy._app.StartAsync(cancellationToken);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        // Not stopped gracefully: that waits for streams.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task ForwardAsync(HttpContext context, IHttpForwarder forwarder, Func<int, ServerProcess?> find)
    {
        var instance = int.TryParse(context.Request.Headers[PinHeader], out var pinned) ? find(pinned) : _instances.Next();
        if (instance is null)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        context.Request.Headers.Remove(PinHeader);
        await forwarder.SendAsync(context, instance.Address.ToString(), _client, s_patient, KeepingTheHost.Instance);
    }

    // As Azure's front end does: what a server says of its own address must be what the client called.
    private sealed class KeepingTheHost : HttpTransformer
    {
        public static readonly KeepingTheHost Instance = new();

        public override async ValueTask TransformRequestAsync(HttpContext context, HttpRequestMessage request, string destination, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(context, request, destination, cancellationToken);
            request.Headers.Host = context.Request.Host.Value;
        }
    }
}
