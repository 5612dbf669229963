using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using RemoteMcp.Health;
using RemoteMcp.ManagedIdentity;

namespace RemoteMcp.Observability;

/// <summary>
/// Registers traces and metrics of requests, of the protocol (the SDK follows OpenTelemetry's semantic conventions for MCP), and of calls
/// to other services. Standard environment variables select the destination. If <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> is set, the
/// server sends them to Application Insights and authenticates with its own identity. If <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, the
/// server sends them to a collector, together with the log. Without these variables, the server collects no telemetry.
/// </summary>
internal static class TelemetryServices
{
    // The name of the SDK's activity source and of its meter.
    private const string McpSource = "Experimental.ModelContextProtocol";

    public static IServiceCollection AddTelemetry(
        this IServiceCollection services, IConfiguration configuration, string name, string version)
    {
        var toAzure = !string.IsNullOrEmpty(configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"]);
        var toCollector = !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        if (!toAzure && !toCollector)
        {
            return services;
        }

        // Health probes arrive every few seconds, and their traces have no value.
        services.Configure<AspNetCoreTraceInstrumentationOptions>(
            static requests => requests.Filter = static context => !HealthEndpoints.IsProbe(context.Request.Path));
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(name, serviceVersion: version))
            .WithTracing(static traces => traces.AddSource(McpSource).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation())
            .WithMetrics(static metrics => metrics.AddMeter(McpSource).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation());
        if (toAzure)
        {
            services.AddOptions<AzureMonitorExporterOptions>()
                .Configure<AppCredential>(static (azure, credential) => azure.Credential = credential);
            telemetry.WithTracing(static traces => traces.AddAzureMonitorTraceExporter())
                .WithMetrics(static metrics => metrics.AddAzureMonitorMetricExporter());
        }

        if (toCollector)
        {
            telemetry.WithLogging().UseOtlpExporter();
        }

        return services;
    }
}
