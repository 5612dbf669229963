using Microsoft.AspNetCore.Http;
using RemoteMcp.EndToEnd.Processes;
using Yarp.ReverseProxy.Forwarder;

namespace RemoteMcp.EndToEnd.Fleet;

/// <summary>
/// The load balancer in front of a fleet. It sends each request to a different instance than the previous request. It does not buffer
/// streams, and streams may be silent for any time.
/// </summary>
internal static class FleetProxy
{
    /// <summary>The header that selects the process for a request instead of the round robin.</summary>
    public const string PinHeader = "X-Fleet-Process";

    public static Task<ForwardingServer> StartAsync(
        RoundRobin<ServerProcess> instances, Func<int, ServerProcess?> find, CancellationToken cancellationToken) =>
        ForwardingServer.StartAsync(async (server, context) =>
        {
            var instance = int.TryParse(context.Request.Headers[PinHeader], out var pinned) ? find(pinned) : instances.Next();
            if (instance is null)
            {
                context.Response.StatusCode = StatusCodes.Status502BadGateway;
                return;
            }

            context.Request.Headers.Remove(PinHeader);
            await server.ForwardAsync(context, instance.Address, HostHeaderTransformer.Instance);
        }, cancellationToken);

    // Keeps the Host header, as Azure's front end does, so that the URLs in a response match the URL that the client called.
    internal sealed class HostHeaderTransformer : HttpTransformer
    {
        public static readonly HostHeaderTransformer Instance = new();

        public override async ValueTask TransformRequestAsync(
            HttpContext context, HttpRequestMessage request, string destination, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(context, request, destination, cancellationToken);
            request.Headers.Host = context.Request.Host.Value;
        }
    }
}
