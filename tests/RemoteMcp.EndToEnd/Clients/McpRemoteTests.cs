using ModelContextProtocol.Client;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Clients;

/// <summary>mcp-remote, through which clients that know only stdio reach a server by its URL.</summary>
public sealed class McpRemoteTests(StartedServers servers)
{
    private const string McpRemote = "node_modules/mcp-remote/dist/proxy.js";

    [Fact]
    public async Task Carries_a_stdio_client_to_the_URL()
    {
        var home = Directory.CreateTempSubdirectory("remote-mcp-client-");
        try
        {
            var start = Programs.Node(McpRemote, [(await servers.RemoteMcpAsync()).Endpoint.ToString()]);
            start.Environment["HOME"] = start.Environment["USERPROFILE"] = home.FullName;
            var transport = new StdioClientTransport(new StdioClientTransportOptions
            {
                Command = start.FileName,
                Arguments = start.ArgumentList,
                EnvironmentVariables = start.Environment,
            });
            await using var client = await McpClient.CreateAsync(
                transport, new McpClientOptions { ProtocolVersion = "2025-11-25" }, cancellationToken: TestContext.Current.CancellationToken);

            var journey = Journey.ThroughFiles();
            journey.Verify(await CSharpTraveller.TravelAsync(client, journey.Plan), "2025-11-25");
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }
}
