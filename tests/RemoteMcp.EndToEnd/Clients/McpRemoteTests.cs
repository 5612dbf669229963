using ModelContextProtocol.Client;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Clients;

/// <summary>mcp-remote, through which clients that know only stdio reach a server by its URL.</summary>
public sealed class McpRemoteTests(StartedServers servers)
{
    internal const string Program = "node_modules/mcp-remote/dist/proxy.js";

    [Fact]
    public async Task Carries_a_stdio_client_to_the_URL() =>
        await TravelAsync([(await servers.RemoteMcpAsync()).Endpoint.ToString()], new Dictionary<string, string>());

    internal static async Task TravelAsync(string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        var home = Directory.CreateTempSubdirectory("remote-mcp-client-");
        try
        {
            await using var client = await McpClient.CreateAsync(
                Transport(arguments, environment, home.FullName),
                new McpClientOptions { ProtocolVersion = "2025-11-25" },
                cancellationToken: TestContext.Current.CancellationToken);

            var journey = Journey.ThroughFiles();
            journey.Verify(await CSharpTraveller.TravelAsync(client, journey.Plan), "2025-11-25");
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    private static StdioClientTransport Transport(string[] arguments, IReadOnlyDictionary<string, string> environment, string home)
    {
        var start = Programs.Node(Program, arguments).With(environment);
        start.Environment["HOME"] = start.Environment["USERPROFILE"] = home;
        return new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = start.FileName,
            Arguments = start.ArgumentList,
            EnvironmentVariables = start.Environment,
        });
    }
}
