using ModelContextProtocol.Client;
using RemoteMcp.EndToEnd.Clients;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Functions;

/// <summary>Tests that every client gets the same results from the Functions app as from <c>remote-mcp serve</c>.</summary>
public sealed class FunctionsJourneyTests(FunctionsApp app, StartedServers servers)
{
    public static TheoryData<HttpTransportMode, string, string> CSharp => CSharpClientTests.OverHttp;

    public static TheoryData<string, string, string> TypeScript => TypeScriptClientTests.OverHttp;

    [Theory, MemberData(nameof(CSharp))]
    public async Task CSharp_client_uses_the_file_tools(HttpTransportMode mode, string path, string protocolVersion) =>
        await CSharpClientTests.RunJourneyAsync(
            PatientClient.Http(await app.AddressAsync(servers), mode, path), Journey.ThroughFiles(), protocolVersion);

    [Theory, MemberData(nameof(TypeScript))]
    public async Task TypeScript_client_uses_the_file_tools(string client, string path, string protocolVersion) =>
        await TypeScriptClientTests.RunJourneyAsync(Journey.ThroughFiles(), client, await UrlAsync(path), protocolVersion);

    [Theory, MemberData(nameof(TypeScript))]
    public async Task TypeScript_client_cancels_a_running_call(string client, string path, string protocolVersion) =>
        await TypeScriptClientTests.RunJourneyAsync(
            Journey.ThroughFixtures(), client, new Uri((await app.FixturesAsync()).Address, path).ToString(), protocolVersion);

    [Theory]
    [InlineData("mcp", "http", "modern")]
    [InlineData("mcp", "http", "legacy")]
    [InlineData("mcp/sse", "sse", "legacy")]
    public async Task Inspector_lists_calls_reads_and_shows_errors(string path, string transport, string era) =>
        await InspectorTests.VisitAsync(["--server-url", await UrlAsync(path), "--transport", transport, "--protocol-era", era]);

    [Fact]
    public async Task Mcporter_lists_calls_reads_and_shows_errors() => await McporterTests.VisitAsync(new { url = await UrlAsync("mcp") });

    [Fact]
    public async Task Mcp_remote_connects_a_stdio_client_to_the_URL()
    {
        await using var remote = await McpRemote.ConnectAsync(new Uri(await UrlAsync("mcp")));

        var journey = Journey.ThroughFiles();
        journey.Verify(await CSharpJourneyRunner.RunJourneyAsync(remote.Client, journey.Plan), "2025-11-25");
    }

    private async Task<string> UrlAsync(string path) => new Uri(await app.AddressAsync(servers), path).ToString();
}
