using Microsoft.AspNetCore.Http;
using RemoteMcp.EndToEnd.Processes;
using Yarp.ReverseProxy.Forwarder;

namespace RemoteMcp.EndToEnd.Fleet;

/// <summary>
/// The balancer in front of a fleet: each request goes to another instance than the one before. Streams pass unbuffered and may be
/// silent for as long as they like.
/// </summary>
internal static class FleetProxy
{
    /// <summary>Names the process that gets the request instead of the one whose turn it is; for tests that need to know.</summary>
    public const string PinHeader = "X-Fleet-Process";

    public static Task<ForwardingServer> StartAsync(RoundRobin<ServerProcess> instances, Func<int, ServerProcess?> find, CancellationToken cancellationToken) =>
        ForwardingServer.StartAsync(async (server, context) =>
        {
            var instance = int.TryParse(context.Request.Headers[PinHeader], out var pinned) ? find(pinned) : instances.Next();
            if (instance is null)
            {
                context.Response.StatusCode = StatusCodes.Status502BadGateway;
                return;
            }

            context.Request.Headers.Remove(PinHeader);
            await server.ForwardAsync(context, instance.Address, KeepingTheHost.Instance);
        }, cancellationToken);

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
