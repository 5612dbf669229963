using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using RemoteMcp.EndToEnd.Azurite;
using Yarp.ReverseProxy.Forwarder;

namespace RemoteMcp.EndToEnd.Fleet.Faults;

/// <summary>A proxy between several processes and one Azurite. It causes the faults of a <see cref="FaultSchedule"/>.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    // An instance waits 3 s for a response.
    private static readonly HttpTransformer s_slow =
        new Answers(static context => Task.Delay(TimeSpan.FromMilliseconds(300), context.RequestAborted));
    private static readonly HttpTransformer s_late =
        new Answers(static context => Task.Delay(TimeSpan.FromSeconds(4), context.RequestAborted));
    private static readonly HttpTransformer s_lost = new Answers(static context =>
    {
        context.Abort();
        return Task.CompletedTask;
    });

    private readonly ConcurrentDictionary<Fault, int> _faultCounts = new();
    private readonly AzuriteProcess _azurite;
    private ForwardingServer _server = null!;

    private FaultProxy(AzuriteProcess azurite) => _azurite = azurite;

    /// <summary>The schedule for the following requests.</summary>
    public FaultSchedule Schedule { get; set; } = FaultSchedule.None;

    /// <summary>The connection string for the instances.</summary>
    public string ConnectionString => _azurite.ConnectionStringThrough(_server.Address);

    /// <summary>The number of requests that met each fault.</summary>
    public IReadOnlyDictionary<Fault, int> FaultCounts => _faultCounts;

    public static async Task<FaultProxy> StartAsync(AzuriteProcess azurite, CancellationToken cancellationToken)
    {
        var proxy = new FaultProxy(azurite);
        var tables = new Uri(azurite.TableEndpoint, "/");
        proxy._server = await ForwardingServer.StartAsync(
            (server, context) => proxy.ServeAsync(server, context, tables), cancellationToken);
        return proxy;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task ServeAsync(ForwardingServer server, HttpContext context, Uri tables)
    {
        var fault = Schedule.Next();
        _faultCounts.AddOrUpdate(fault, 1, static (_, count) => count + 1);
        switch (fault)
        {
            case Fault.LostRequest:
                context.Abort();
                return Task.CompletedTask;
            case Fault.Throttled:
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.Response.Headers.RetryAfter = "1";
                return Task.CompletedTask;
            case Fault.Failed:
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                return Task.CompletedTask;
            default:
                return server.ForwardAsync(context, tables, fault switch
                {
                    Fault.SlowAnswer => s_slow,
                    Fault.LateAnswer => s_late,
                    Fault.LostAnswer => s_lost,
                    _ => null,
                });
        }
    }

    /// <summary>Runs an action after the storage has responded and before the proxy forwards the response.</summary>
    private sealed class Answers(Func<HttpContext, Task> first) : HttpTransformer
    {
        public override async ValueTask<bool> TransformResponseAsync(
            HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
        {
            await first(httpContext);
            return !httpContext.RequestAborted.IsCancellationRequested
                && await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        }
    }
}
