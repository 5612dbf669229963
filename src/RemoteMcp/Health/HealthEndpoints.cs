using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RemoteMcp.Health;

/// <summary>
/// Maps the health endpoints. <c>/healthz</c> shows that the process responds. <c>/readyz</c> shows whether its dependencies also respond.
/// </summary>
internal static class HealthEndpoints
{
    private const string Process = "/healthz";
    private const string Dependencies = "/readyz";

    /// <summary>
    /// Returns whether a path is the path of a health probe. Platforms send probes to any host name or IP address of the server, so the
    /// host of a probe is not checked.
    /// </summary>
    public static bool IsProbe(PathString path) => path == Process || path == Dependencies;

    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks(Process, new HealthCheckOptions { Predicate = static _ => false, ResponseWriter = WriteAsync });
        endpoints.MapHealthChecks(Dependencies, new HealthCheckOptions { ResponseWriter = WriteAsync });
        return endpoints;
    }

    // Writes only names and states. The reason for a failure goes to the log, because anyone can request this endpoint.
    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        status = report.Status.ToString(),
        checks = report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Status.ToString()),
    });
}
