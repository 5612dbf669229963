using System.Net;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.EndToEnd.Wire;
using Xunit;

namespace RemoteMcp.EndToEnd.Hosting;

/// <summary>Tests how <c>remote-mcp serve</c> stops on Ctrl+C (SIGINT) and on the signal of a supervisor (SIGTERM).</summary>
public sealed class StoppingTests
{
    // Less than the 30 s that an ASP.NET Core host waits for its streams by default.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(25);

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Ends_with_success_while_clients_hold_streams_open(string signal)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // Windows cannot send a signal to a process of a different console.
        }

        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await ServerProcess.StartAsync(Programs.RemoteMcp, ["serve"], cancellation);
        using var streaming = new HttpWire(server.Endpoint);
        using var initialized = await streaming.PostAsync(JsonMessages.Initialize(1, "2025-11-25"));
        streaming.Headers["Mcp-Session-Id"] = initialized.Headers.GetValues("Mcp-Session-Id").Single();
        using var stream = await streaming.GetStreamAsync();
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        using var listening = new HttpWire(server.SseEndpoint);
        using var legacyStream = await listening.GetStreamAsync();
        Assert.Equal(HttpStatusCode.OK, legacyStream.StatusCode);

        await server.SignalAsync(signal, cancellation);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_limit);
        Assert.Equal(0, await server.WaitForExitAsync(limit.Token));
    }
}
