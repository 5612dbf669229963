using ModelContextProtocol.Client;
using RemoteMcp.EndToEnd.Clients;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Fleet;

/// <summary>
/// Tests that every client gets the same results from a fleet as from one server, although each request reaches a different instance.
/// </summary>
public sealed class FleetJourneyTests(StartedFleets fleets, StartedServers servers)
{
    public static TheoryData<HttpTransportMode, string, string> CSharp => CSharpClientTests.OverHttp;

    public static TheoryData<string, string, string> TypeScript => TypeScriptClientTests.OverHttp;

    [Theory, MemberData(nameof(CSharp))]
    public async Task CSharp_client_uses_the_file_tools(HttpTransportMode mode, string path, string protocolVersion) =>
        await CSharpClientTests.RunJourneyAsync(
            PatientClient.Http((await fleets.FilesAsync(servers)).Address, mode, path), Journey.ThroughFiles(), protocolVersion);

    [Theory, MemberData(nameof(TypeScript))]
    public async Task TypeScript_clients_use_the_file_tools(string client, string path, string protocolVersion) =>
        await TypeScriptClientTests.RunJourneyAsync(
            Journey.ThroughFiles(), client, new Uri((await fleets.FilesAsync(servers)).Address, path).ToString(), protocolVersion);

    [Theory, MemberData(nameof(TypeScript))]
    public async Task TypeScript_clients_cancel_a_running_call(string client, string path, string protocolVersion) =>
        await TypeScriptClientTests.RunJourneyAsync(
            Journey.ThroughFixtures(), client, new Uri((await fleets.FixturesAsync()).Address, path).ToString(), protocolVersion);

    [Theory]
    [InlineData("mcp", "http", "modern")]
    [InlineData("mcp", "http", "legacy")]
    [InlineData("mcp/sse", "sse", "legacy")]
    public async Task Inspector_lists_calls_reads_and_shows_errors(string path, string transport, string era) =>
        await InspectorTests.VisitAsync(
            [
                "--server-url", new Uri((await fleets.FilesAsync(servers)).Address, path).ToString(),
                "--transport", transport, "--protocol-era", era,
            ]);

    [Fact]
    public async Task Mcporter_lists_calls_reads_and_shows_errors() =>
        await McporterTests.VisitAsync(new { url = (await fleets.FilesAsync(servers)).Endpoint });
}
