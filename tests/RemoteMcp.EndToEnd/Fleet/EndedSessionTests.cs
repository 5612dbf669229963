using System.Collections.Concurrent;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using RemoteMcp.EndToEnd.Clients;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Fleet;

/// <summary>
/// Tests how real clients handle the 404 for an ended session. The specification requires them to initialize again (2025-11-25, Transports,
/// "Session Management"). mcp-remote does so automatically. The TypeScript SDK 1.x leaves it to the application.
/// </summary>
public sealed class EndedSessionTests(StartedFleets fleets)
{
    [Fact]
    public async Task TypeScript_1_client_gets_404_for_each_call_until_its_application_reconnects()
    {
        var fleet = await fleets.FixturesAsync();

        var result = await NodeClient.RunAsync(
            "typescript-1-session-ended.mjs", [fleet.Endpoint.ToString()], TestContext.Current.CancellationToken);

        Assert.True(result.ExitCode == 0, result.Error);
        var seen = JsonSerializer.Deserialize<Seen>(result.Output, JsonSerializerOptions.Web);
        Assert.Equal(
            new Seen(
                Ended: true, Before: "hello", After: "404", Again: "404", KeptItsSession: true, Anew: "hello", HasAnotherSession: true),
            seen);
    }

    [Fact]
    public async Task Mcp_remote_initializes_again_and_its_client_gets_no_error()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var fleet = await fleets.FixturesAsync();
        var sessions = new ConcurrentQueue<string>();
        await using var way = await ForwardingServer.StartAsync((server, context) =>
        {
            if (context.Request.Headers["Mcp-Session-Id"] is [{ } session])
            {
                sessions.Enqueue(session);
            }

            return server.ForwardAsync(context, fleet.Address);
        }, cancellation);
        await using var remote = await McpRemote.ConnectAsync(new Uri(way.Address, "mcp"));
        Assert.Equal("before", await EchoAsync(remote.Client, "before"));
        using var elsewhere = new FleetClient(fleet.Endpoint, cancellation) { Session = sessions.Last() };
        using var deleted = await elsewhere.DeleteAsync(null);
        Assert.True(deleted.IsSuccessStatusCode, $"{deleted.StatusCode}");

        Assert.Equal("after", await EchoAsync(remote.Client, "after"));

        Assert.NotEqual(elsewhere.Session, sessions.Last());
    }

    private static async Task<string> EchoAsync(McpClient client, string text)
    {
        var result = await client.CallToolAsync(
            "echo", new Dictionary<string, object?> { ["text"] = text }, cancellationToken: TestContext.Current.CancellationToken);
        return result.Content.OfType<TextContentBlock>().Single().Text;
    }

    private sealed record Seen(
        bool Ended, string Before, string After, string Again, bool KeptItsSession, string Anew, bool HasAnotherSession);
}
