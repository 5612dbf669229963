using System.Text.Json;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Clients;

/// <summary>Tests both generations of the TypeScript SDK, which most desktop clients use.</summary>
public sealed class TypeScriptClientTests(StartedServers servers)
{
    private const string Stateless = "typescript-2.mjs";
    private const string WithSession = "typescript-1.mjs";

    public static TheoryData<string, string, string> OverHttp => new()
    {
        { Stateless, "mcp", "2026-07-28" },
        { WithSession, "mcp", "2025-11-25" },
        { WithSession, "mcp/sse", "2025-11-25" },
    };

    public static TheoryData<string, string> OverStdio => new()
    {
        { Stateless, "2026-07-28" },
        { WithSession, "2025-11-25" },
    };

    [Theory, MemberData(nameof(OverHttp))]
    public async Task Uses_the_file_tools_over_HTTP(string client, string path, string protocolVersion) =>
        await RunJourneyAsync(Journey.ThroughFiles(), client, Url(await servers.RemoteMcpAsync(), path), protocolVersion);

    [Theory, MemberData(nameof(OverHttp))]
    public async Task Cancels_a_running_call_over_HTTP(string client, string path, string protocolVersion) =>
        await RunJourneyAsync(Journey.ThroughFixtures(), client, Url(await servers.ConformanceAsync(), path), protocolVersion);

    [Theory, MemberData(nameof(OverStdio))]
    public async Task Uses_the_file_tools_over_stdio(string client, string protocolVersion) =>
        await RunJourneyAsync(
            Journey.ThroughFiles(), client, Command(Programs.RemoteMcp, "stdio", "--root", servers.Folder.Path), protocolVersion);

    [Theory, MemberData(nameof(OverStdio))]
    public async Task Cancels_a_running_call_over_stdio(string client, string protocolVersion) =>
        await RunJourneyAsync(Journey.ThroughFixtures(), client, Command(Programs.ConformanceServer, "stdio"), protocolVersion);

    private static string Url(ServerProcess server, string path) => new Uri(server.Address, path).ToString();

    private static string Command(string program, params string[] arguments)
    {
        var start = Programs.DotNet(program, arguments);
        return JsonSerializer.Serialize((string[])[start.FileName, .. start.ArgumentList]);
    }

    internal static Task RunJourneyAsync(Journey journey, string client, string server, string protocolVersion) =>
        RunJourneyAsync(journey, client, server, protocolVersion, [], new Dictionary<string, string>());

    internal static async Task RunJourneyAsync(
        Journey journey,
        string client,
        string server,
        string protocolVersion,
        string[] signIn,
        IReadOnlyDictionary<string, string> environment)
    {
        var result = await NodeClient.RunAsync(
            client, [server, journey.Plan.ToJson(), .. signIn], environment, TestContext.Current.CancellationToken);

        Assert.True(result.ExitCode == 0, result.Error);
        journey.Verify(JourneyOutcome.Parse(result.Output), protocolVersion);
    }
}
