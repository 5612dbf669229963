using System.Diagnostics;
using System.Runtime.CompilerServices;
using ModelContextProtocol.Client;
using RemoteMcp.ToolCalls;

namespace RemoteMcp.Cli.Doctor;

/// <summary>
/// Checks the protocol from a client's point of view: each revision and transport, the latency, and the tools that the caller may call.
/// </summary>
internal static class ProtocolCheck
{
    private const int Calls = 20;
    private const int MaxNames = 30;
    private const int MaxNameLength = 64;

    // Enough time for 20 calls over a slow connection, or for one call that has to start the server.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private static readonly string[] s_revisions = ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26"];

    public static async IAsyncEnumerable<Finding> RunAsync(
        CheckContext context, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var revision in s_revisions)
        {
            yield return await TryAsync($"MCP {revision}", time, async bound =>
            {
                await using var client = await context.ConnectAsync(HttpTransportMode.StreamableHttp, revision, bound);
                return client.NegotiatedProtocolVersion == revision
                    ? new(Verdict.Good, $"MCP {revision}", $"{NameOf(client)} answers.")
                    : new(
                        Verdict.Warning,
                        $"MCP {revision}",
                        $"The server answers with {Excerpt.Of(client.NegotiatedProtocolVersion ?? "no revision")}.",
                        "Clients of this revision may not understand it.");
            }, cancellationToken);
        }

        yield return await TryAsync("HTTP+SSE", time, async bound =>
        {
            await using var client = await context.ConnectAsync(HttpTransportMode.Sse, "2024-11-05", bound);
            return new(Verdict.Good, "HTTP+SSE", $"{NameOf(client)} answers at /mcp/sse.");
        }, cancellationToken);
        yield return await TryAsync("Latency", time, bound => MeasureAsync(context, bound), cancellationToken);
        yield return await TryAsync("Tools", time, bound => ListToolsAsync(context, bound), cancellationToken);
    }

    private static string NameOf(McpClient client) => Excerpt.Of($"{client.ServerInfo?.Name} {client.ServerInfo?.Version}");

    private static async Task<Finding> MeasureAsync(CheckContext context, CancellationToken cancellationToken)
    {
        await using var client = await context.ConnectAsync(HttpTransportMode.StreamableHttp, null, cancellationToken);
        var times = new List<double>(Calls);
        for (var call = 0; call < Calls; call++)
        {
            var start = Stopwatch.GetTimestamp();
            await client.ListToolsAsync(cancellationToken: cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        return new(
            Verdict.Good, "Latency",
            $"{Calls} calls of tools/list: p50 {times[(Calls / 2) - 1]:F0} ms, p95 {times[(Calls * 95 / 100) - 1]:F0} ms.");
    }

    private static async Task<Finding> ListToolsAsync(CheckContext context, CancellationToken cancellationToken)
    {
        await using var client = await context.ConnectAsync(HttpTransportMode.StreamableHttp, null, cancellationToken);
        var tools = await client.ListToolsAsync(cancellationToken: cancellationToken);
        var names = string.Join(", ", tools.Take(MaxNames).Select(static tool => SafeText.Line(tool.Name, MaxNameLength)));
        return tools.Count > 0
            ? new(Verdict.Good, "Tools", $"{tools.Count} visible: {names}{(tools.Count > MaxNames ? ", …" : "")}.")
            : new(
                Verdict.Warning, "Tools", "No tools are visible.",
                "The token may not have the scopes or roles that the tools require. See whoami and docs/identity.md.");
    }

    private static async Task<Finding> TryAsync(
        string check, TimeProvider time, Func<CancellationToken, Task<Finding>> run, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(s_limit, time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await run(bound.Token);
        }
        catch (Exception) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new(
                Verdict.Bad, check, $"The check did not finish within {s_limit.TotalSeconds:0} s.",
                "Look for the request in the server's log. A gateway in front of the server must not buffer streams.");
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Any exception in the client is a finding about the server, because the server can be any implementation.
            return new(
                Verdict.Bad, check, Excerpt.Of(exception.Message),
                "Clients that use this revision or transport cannot connect. Look for the request in the server's log.");
        }
    }
}
