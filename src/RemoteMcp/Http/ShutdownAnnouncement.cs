using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Http;

/// <summary>
/// Announces in each response during the shutdown that the server closes the connection: <c>Connection: close</c> in HTTP/1.1 (RFC 9112,
/// section 9.6), and GOAWAY in HTTP/2 (RFC 9113, section 6.8). The client then sends its next request on another connection.
/// </summary>
internal static class ShutdownAnnouncement
{
    /// <summary>Adds the graceful shutdown of Kestrel.</summary>
    public static IServiceCollection AddShutdown(this IServiceCollection services)
    {
        services.AddSingleton<Shutdown>();
        services.AddSingleton<KestrelConnections>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>>(
            static provider => provider.GetRequiredService<KestrelConnections>());
        services.AddSingleton<IConfigureOptions<SocketTransportOptions>>(
            static provider => provider.GetRequiredService<KestrelConnections>());
        services.AddSingleton<ConnectionDrain>();
        services.AddHostedService(static provider => provider.GetRequiredService<ConnectionDrain>());
        return services;
    }

    public static IApplicationBuilder UseShutdownAnnouncement(this IApplicationBuilder app)
    {
        var shutdown = app.ApplicationServices.GetRequiredService<Shutdown>();
        var drain = app.ApplicationServices.GetRequiredService<ConnectionDrain>();
        return app.Use(async (context, next) =>
        {
            // A response can begin after the server was asked to stop, although its request began before.
            var response = new AnnouncedResponse(context, shutdown);
            context.Response.OnStarting(static state => ((AnnouncedResponse)state).OnStarting(), response);
            drain.OnRequestStarted();
            try
            {
                await next(context);
            }
            finally
            {
                drain.OnRequestEnded(leavesConnectionOpen: !response.IsAnnounced);
            }
        });
    }

    private sealed class AnnouncedResponse(HttpContext context, Shutdown shutdown)
    {
        /// <summary>Gets whether the client learns from the response that the connection closes.</summary>
        public bool IsAnnounced { get; private set; }

        public Task OnStarting()
        {
            if (shutdown.Stopping.IsCancellationRequested)
            {
                IsAnnounced = true;
                if (HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol))
                {
                    context.Response.Headers.Connection = "close";
                }
                else
                {
                    context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
                }
            }

            return Task.CompletedTask;
        }
    }
}
