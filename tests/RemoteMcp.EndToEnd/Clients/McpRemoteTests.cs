using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Clients;

/// <summary>Tests mcp-remote, which connects stdio-only clients to a server URL.</summary>
public sealed class McpRemoteTests(StartedServers servers)
{
    [Fact]
    public async Task Connects_a_stdio_client_to_the_URL()
    {
        await using var remote = await McpRemote.ConnectAsync((await servers.RemoteMcpAsync()).Endpoint);

        var journey = Journey.ThroughFiles();
        journey.Verify(await CSharpJourneyRunner.RunJourneyAsync(remote.Client, journey.Plan), "2025-11-25");
    }
}
