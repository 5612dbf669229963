using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.Health;

namespace RemoteMcp.Http;

/// <summary>Rejects requests to an unknown host and requests from pages of an unknown origin.</summary>
internal static class OriginValidation
{
    public static IApplicationBuilder UseOriginValidation(this IApplicationBuilder app)
    {
        var allowed = app.ApplicationServices.GetRequiredService<AllowedOrigins>();
        return app.Use((context, next) =>
        {
            var request = context.Request;
            if (HealthEndpoints.IsProbe(request.Path))
            {
                return next(context);
            }

            if (!HasValidPort(request.Host))
            {
                return ProtocolError.WriteAsync(context, StatusCodes.Status400BadRequest, ProtocolError.Refused,
                    "Bad Request: the port in the Host header is not a number from 1 to 65535.");
            }

            if (!allowed.IsAllowedHost(request.Host))
            {
                RefusalReason.Set(context, "a host that is not allowed");
                return ProtocolError.WriteAsync(context, StatusCodes.Status403Forbidden, ProtocolError.Refused,
                    "Forbidden: this server does not accept requests for the host in the Host header. Operators can add the host to "
                        + "RemoteMcp:Http:AllowedHosts.");
            }

            // "If the Origin header is present and invalid, servers MUST respond with HTTP 403 Forbidden." (MCP 2025-11-25, Transports)
            var origins = request.Headers.Origin;
            foreach (var origin in origins)
            {
                if (origins.Count > 1 || !allowed.IsAllowedOrigin(origin ?? ""))
                {
                    RefusalReason.Set(context, "an origin that is not allowed");
                    return ProtocolError.WriteAsync(context, StatusCodes.Status403Forbidden, ProtocolError.Refused,
                        "Forbidden: this server does not accept requests from pages of the origin in the Origin header. Operators can "
                            + "add the origin to RemoteMcp:Http:AllowedOrigins.");
                }
            }

            return next(context);
        });
    }

    // Without this check, the URLs that the server derives from the Host header, such as that of the challenge, are not valid.
    private static bool HasValidPort(HostString host)
    {
        var port = host.HasValue ? host.Value.AsSpan(host.Host.Length) : default;
        return port.IsEmpty
            || (port[0] == ':'
                && ushort.TryParse(port[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number > 0);
    }
}
