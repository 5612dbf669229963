using System.Text.Json;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.EndToEnd.Clients;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>
/// Tests that real clients in separate processes sign in at Entra ID directly, with only the URL and a registered client ID, because the
/// server has <c>SignIn=Direct</c>. Entra ID refuses the <c>resource</c> parameter of RFC 8707 unless it is an identifier URI. The URL of
/// the server can be an identifier URI only with a custom domain. Each client therefore signs in without the parameter, and clients that
/// always send it sign in to a server whose URL is an identifier URI.
/// </summary>
public sealed class SignedInClientTests(StartedServers servers, SignInServers signIn) : IClassFixture<SignInServers>
{
    private const string ResourceRefused = "AADSTS9010010";
    private const string ClientInfo = $$"""{"client_id":"{{SampleDirectory.DesktopClientId}}"}""";

    public static TheoryData<string, string, string> TypeScript => new()
    {
        { "typescript-2.mjs", "mcp", "2026-07-28" },
        { "typescript-1.mjs", "mcp", "2025-11-25" },
        { "typescript-1.mjs", "mcp/sse", "2025-11-25" },
    };

    private Task<EntraServer> DirectAsync() => signIn.DirectAsync(servers.Folder.Path);

    private Task<EntraServer> WithUrlAsAudienceAsync() => signIn.WithUrlAsAudienceAsync(servers.Folder.Path);

    [Theory, MemberData(nameof(TypeScript))]
    public async Task TypeScript_SDKs_sign_in_without_the_resource_parameter(string client, string path, string protocolVersion) =>
        await RunJourneyAsync(await DirectAsync(), client, path, protocolVersion, sendResource: false);

    [Theory, MemberData(nameof(TypeScript))]
    public async Task TypeScript_SDKs_sign_in_with_defaults_when_the_URL_is_an_identifier_URI(
        string client, string path, string protocolVersion) =>
        await RunJourneyAsync(await WithUrlAsAudienceAsync(), client, path, protocolVersion, sendResource: true);

    [Theory]
    [InlineData("typescript-2.mjs")]
    [InlineData("typescript-1.mjs")]
    public async Task TypeScript_SDKs_report_that_Entra_refuses_the_resource_parameter(string client)
    {
        var server = await DirectAsync();

        var result = await NodeClient.RunAsync(
            client,
            [server.Endpoint.ToString(), Journey.ThroughFiles().Plan.ToJson(), SignInArgument(sendResource: true)],
            server.NodeTrust,
            TestContext.Current.CancellationToken);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(ResourceRefused, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mcp_remote_signs_in_when_it_does_not_send_the_resource_parameter()
    {
        var server = await DirectAsync();
        using var browser = new TestBrowser(server.NodeTrust);

        await RunJourneyThroughMcpRemoteAsync(McpRemoteArguments(server, "--disable-resource-parameter"), browser);
    }

    [Fact]
    public async Task Mcp_remote_signs_in_with_defaults_when_the_URL_is_an_identifier_URI()
    {
        var server = await WithUrlAsAudienceAsync();
        using var browser = new TestBrowser(server.NodeTrust);

        await RunJourneyThroughMcpRemoteAsync(McpRemoteArguments(server), browser);
    }

    [Fact]
    public async Task Mcp_remote_with_defaults_opens_a_page_that_says_what_Entra_refuses()
    {
        var server = await DirectAsync();
        using var browser = new TestBrowser(server.NodeTrust);

        // The client waits for a browser that never returns.
        await using var client = RunningProcess.Start(
            Programs.Node(McpRemote.Script, McpRemoteArguments(server)).With(browser.Environment));

        Assert.Contains(ResourceRefused, await browser.LastPageAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mcp", "http", "modern")]
    [InlineData("mcp", "http", "legacy")]
    [InlineData("mcp/sse", "sse", "legacy")]
    public async Task Inspector_signs_in_when_the_URL_is_an_identifier_URI(string path, string transport, string era)
    {
        var server = await WithUrlAsAudienceAsync();
        using var browser = new TestBrowser(server.NodeTrust);

        await InspectorTests.VisitAsync(
            [
                "--server-url", new Uri(server.Endpoint, "/" + path).ToString(), "--transport", transport, "--protocol-era", era,
                "--client-id", SampleDirectory.DesktopClientId, "--callback-url", $"http://localhost:{FreePort.Find()}/oauth/callback",
            ],
            browser.Environment);
        await browser.LastPageAsync();
    }

    private static Task RunJourneyAsync(EntraServer server, string client, string path, string protocolVersion, bool sendResource) =>
        TypeScriptClientTests.RunJourneyAsync(
            Journey.ThroughFiles(),
            client,
            new Uri(server.Endpoint, "/" + path).ToString(),
            protocolVersion,
            [SignInArgument(sendResource)],
            server.NodeTrust);

    private static async Task RunJourneyThroughMcpRemoteAsync(string[] arguments, TestBrowser browser)
    {
        await using var remote = await McpRemote.ConnectAsync(arguments, browser.Environment);
        var journey = Journey.ThroughFiles();
        journey.Verify(await CSharpJourneyRunner.RunJourneyAsync(remote.Client, journey.Plan), "2025-11-25");
        await browser.LastPageAsync();
    }

    internal static string SignInArgument(bool sendResource) =>
        JsonSerializer.Serialize(new { clientId = SampleDirectory.DesktopClientId, resource = sendResource });

    // The browser redirects to this port. By default, mcp-remote would use the same port for every test.
    private static string[] McpRemoteArguments(EntraServer server, params string[] options) =>
        [server.Endpoint.ToString(), $"{FreePort.Find()}", "--static-oauth-client-info", ClientInfo, .. options];
}
