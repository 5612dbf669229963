using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Http;

/// <summary>Tests the telemetry that a collector receives over real OTLP.</summary>
public sealed class TelemetryTests : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _received = new();
    private WebApplication _collector = null!;

    public async ValueTask InitializeAsync() => _collector = await LocalServer.StartAsync(async context =>
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.Latin1);
        _received.GetOrAdd(context.Request.Path.Value!, static _ => new()).Enqueue(await reader.ReadToEndAsync(context.RequestAborted));
    }, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _collector.DisposeAsync();

    [Fact]
    public async Task Call_produces_a_trace_a_metric_and_a_log_line_without_arguments()
    {
        await using (var server = await TestServerHost.StartAsync(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _collector.Urls.Single(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "60000",
        }))
        {
            using var probe = await server.Client.GetAsync("/healthz", TestContext.Current.CancellationToken);
            using var response = await server.Client.SendAsync(
                Messages.PostStateless(Messages.StatelessCall("echo", """{"text":"confidential"}""")),
                TestContext.Current.CancellationToken);
            Assert.Contains(
                "confidential", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            await server.StopAsync();
            // The shutdown of the server also sends the remaining telemetry, but it waits only 5 s.
            Assert.True(server.Services.GetRequiredService<TracerProvider>().ForceFlush());
            Assert.True(server.Services.GetRequiredService<MeterProvider>().ForceFlush());
            Assert.True(server.Services.GetRequiredService<LoggerProvider>().ForceFlush());
        }

        var (traces, metrics, logs) = (All("/v1/traces"), All("/v1/metrics"), All("/v1/logs"));
        Assert.Contains("tools/call echo", traces, StringComparison.Ordinal);
        Assert.Contains("mcp.server.operation.duration", metrics, StringComparison.Ordinal);
        Assert.Contains("Tool {Tool} called by", logs, StringComparison.Ordinal);
        // Traces of the test's own client, in the same process, contain only the method in their names.
        Assert.DoesNotContain("GET /healthz", traces, StringComparison.Ordinal);
        Assert.DoesNotContain("confidential", traces + metrics + logs, StringComparison.Ordinal);
    }

    private string All(string path) => _received.TryGetValue(path, out var bodies) ? string.Concat(bodies) : "";
}
