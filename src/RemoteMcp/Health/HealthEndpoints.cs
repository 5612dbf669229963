using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RemoteMcp.Health;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: what it depends on answers too.</summary>
internal static class HealthEndpoints
{
    private const string Process = "/healthz";
    private const string Dependencies = "/readyz";

    /// <summary>Probes come from the machinery around the server, which addresses it by whatever name or number it has.</summary>
    public static bool IsProbe(PathString path) => path == Process || path == Dependencies;

    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks(Process, new HealthCheckOptions { Predicate = static _ => false, ResponseWriter = WriteAsync });
        endpoints.MapHealthChecks(Dependencies, new HealthCheckOptions { ResponseWriter = WriteAsync });
        return endpoints;
    }

    // Names and states only: why a dependency fails is for the log, not for whoever asks.
    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        status = report.Status.ToString(),
        checks = report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Status.ToString()),
    });
}
