using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RemoteMcp.Health;

/// <summary>
/// Maps the health endpoints. <c>/healthz</c> (liveness) shows that the process responds. <c>/readyz</c> (readiness) shows whether its
/// dependencies also respond.
/// </summary>
internal static class HealthEndpoints
{
    private const string LivenessPath = "/healthz";
    private const string ReadinessPath = "/readyz";

    /// <summary>
    /// Returns whether a path is the path of a health probe. Platforms send probes to any host name or IP address of the server, so the
    /// server does not check the Host header of a probe.
    /// </summary>
    public static bool IsProbe(PathString path) => path == LivenessPath || path == ReadinessPath;

    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks(LivenessPath, new HealthCheckOptions { Predicate = static _ => false, ResponseWriter = WriteAsync });
        endpoints.MapHealthChecks(ReadinessPath, new HealthCheckOptions { ResponseWriter = WriteAsync });
        return endpoints;
    }

    // Writes only names and states. The reason for a failure goes to the log, because anyone can request this endpoint.
    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        status = report.Status.ToString(),
        checks = report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Status.ToString()),
    });
}
