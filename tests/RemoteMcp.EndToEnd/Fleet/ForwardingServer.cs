using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

namespace RemoteMcp.EndToEnd.Fleet;

/// <summary>A proxy in the test process, on a free port. Its owner decides how it handles each request.</summary>
internal sealed class ForwardingServer : IAsyncDisposable
{
    // Streams can be silent. The tests check the keep-alive of the server, so the proxy must not time out.
    private static readonly ForwarderRequestConfig s_noTimeout = new() { ActivityTimeout = Timeout.InfiniteTimeSpan };

    private readonly WebApplication _app;
    private readonly IHttpForwarder _forwarder;

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    });

    private ForwardingServer(Func<ForwardingServer, HttpContext, Task> serve)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddHttpForwarder();
        _app = builder.Build();
        _forwarder = _app.Services.GetRequiredService<IHttpForwarder>();
        _app.Run(context => serve(this, context));
    }

    public Uri Address => new(_app.Urls.First());

    public static async Task<ForwardingServer> StartAsync(
        Func<ForwardingServer, HttpContext, Task> serve, CancellationToken cancellationToken)
    {
        var server = new ForwardingServer(serve);
        await server._app.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>Forwards a request, and returns the response without buffering.</summary>
    public async Task ForwardAsync(HttpContext context, Uri destination, HttpTransformer? transformer = null) =>
        await _forwarder.SendAsync(context, destination.ToString(), _client, s_noTimeout, transformer ?? HttpTransformer.Default);

    public async ValueTask DisposeAsync()
    {
        // The server does not stop gracefully, because it would wait for streams.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
        _client.Dispose();
    }
}
