using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Clients;

/// <summary>mcp-remote, through which clients that know only stdio reach a server by its URL.</summary>
public sealed class McpRemoteTests(StartedServers servers)
{
    [Fact]
    public async Task Connects_a_stdio_client_to_the_URL()
    {
        await using var remote = await McpRemote.ConnectAsync((await servers.RemoteMcpAsync()).Endpoint);

        var journey = Journey.ThroughFiles();
        journey.Verify(await CSharpTraveller.TravelAsync(remote.Client, journey.Plan), "2025-11-25");
    }
}
