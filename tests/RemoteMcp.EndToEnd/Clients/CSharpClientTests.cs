using ModelContextProtocol.Client;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Clients;

/// <summary>Tests the C# client with and without sessions, over stdio and over HTTP.</summary>
public sealed class CSharpClientTests(StartedServers servers)
{
    public static TheoryData<HttpTransportMode, string, string> OverHttp => new()
    {
        { HttpTransportMode.StreamableHttp, "mcp", "2026-07-28" },
        { HttpTransportMode.StreamableHttp, "mcp", "2025-11-25" },
        { HttpTransportMode.Sse, "mcp/sse", "2025-11-25" },
    };

    public static TheoryData<string> Revisions => ["2026-07-28", "2025-11-25"];

    [Theory, MemberData(nameof(OverHttp))]
    public async Task Uses_the_file_tools_over_HTTP(HttpTransportMode mode, string path, string protocolVersion) =>
        await RunJourneyAsync(
            PatientClient.Http((await servers.RemoteMcpAsync()).Address, mode, path), Journey.ThroughFiles(), protocolVersion);

    /// <remarks>
    /// This test does not use a session. In a session, the SDK's client (2.3.1) cancels its call without sending the notification, because
    /// the continuation of the cancelled wait unregisters it first. The TypeScript clients cover sessions and stdio.
    /// </remarks>
    [Fact]
    public async Task Cancels_a_running_call_without_a_session() =>
        await RunJourneyAsync(
            PatientClient.Http((await servers.ConformanceAsync()).Address, HttpTransportMode.StreamableHttp, "mcp"),
            Journey.ThroughFixtures(),
            "2026-07-28");

    [Theory, MemberData(nameof(Revisions))]
    public async Task Uses_the_file_tools_over_stdio(string protocolVersion) =>
        await RunJourneyAsync(Stdio(Programs.RemoteMcp, "stdio", "--root", servers.Folder.Path), Journey.ThroughFiles(), protocolVersion);

    private static StdioClientTransport Stdio(string program, params string[] arguments)
    {
        var start = Programs.DotNet(program, arguments);
        return new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = start.FileName,
            Arguments = start.ArgumentList,
            EnvironmentVariables = start.Environment,
        });
    }

    internal static async Task RunJourneyAsync(IClientTransport transport, Journey journey, string protocolVersion)
    {
        await using var client = await PatientClient.ConnectAsync(transport, protocolVersion, TestContext.Current.CancellationToken);

        journey.Verify(await CSharpJourneyRunner.RunJourneyAsync(client, journey.Plan), protocolVersion);
    }
}
