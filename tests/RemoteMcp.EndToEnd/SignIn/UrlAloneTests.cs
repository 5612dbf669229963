using System.Web;
using ModelContextProtocol.Authentication;
using ModelContextProtocol.Client;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.EndToEnd.Clients;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>
/// Tests that real clients in separate processes sign in with only the URL of the server, on a host name that Entra ID does not know. They
/// have no client id and no option, so each of them registers itself with the server. A scripted browser plays the user, who signs in with
/// Entra ID and approves the client.
/// </summary>
public sealed class UrlAloneTests(StartedServers servers, SignInServers signIn) : IClassFixture<SignInServers>
{
    private const string NoClientId = "{}";

    public static TheoryData<string, string, string> TypeScript => new()
    {
        { "typescript-2.mjs", "mcp", "2026-07-28" },
        { "typescript-1.mjs", "mcp", "2025-11-25" },
        { "typescript-1.mjs", "mcp/sse", "2025-11-25" },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<EntraServer> ServerAsync() => signIn.PlainAsync(servers.Folder.Path);

    [Theory, MemberData(nameof(TypeScript))]
    public async Task TypeScript_SDKs_sign_in(string client, string path, string protocolVersion) =>
        await RunJourneyAsync(await ServerAsync(), client, path, protocolVersion);

    /// <remarks>
    /// This test does not use HTTP+SSE. Its endpoint is below that of the resource metadata, and the SDK (2.4.0) requires the same URL.
    /// </remarks>
    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    public async Task The_CSharp_SDK_signs_in(string protocolVersion)
    {
        var server = await ServerAsync();
        var transport = PatientClient.Http(
            server.Endpoint, HttpTransportMode.StreamableHttp, "/mcp", Registering(server.NodeTrust));

        await CSharpClientTests.RunJourneyAsync(transport, Journey.ThroughFiles(), protocolVersion);
    }

    [Fact]
    public async Task Mcp_remote_signs_in()
    {
        var server = await ServerAsync();
        using var browser = new TestBrowser(server.NodeTrust);
        await using var remote = await McpRemote.ConnectAsync([server.Endpoint.ToString()], browser.Environment);
        var journey = Journey.ThroughFiles();

        journey.Verify(await CSharpJourneyRunner.RunJourneyAsync(remote.Client, journey.Plan), "2025-11-25");
        await browser.LastPageAsync();
    }

    [Theory]
    [InlineData("mcp", "http", "modern")]
    [InlineData("mcp", "http", "legacy")]
    [InlineData("mcp/sse", "sse", "legacy")]
    public async Task The_command_line_of_the_Inspector_signs_in(string path, string transport, string era)
    {
        var server = await ServerAsync();
        using var browser = new TestBrowser(server.NodeTrust);

        await InspectorTests.VisitAsync(
            ["--server-url", new Uri(server.Endpoint, "/" + path).ToString(), "--transport", transport, "--protocol-era", era],
            // By default, every Inspector uses the same port.
            new Dictionary<string, string>(browser.Environment)
            {
                ["MCP_OAUTH_CALLBACK_URL"] = $"http://127.0.0.1:{FreePort.Find()}/oauth/callback",
            });
        await browser.LastPageAsync();
    }

    [Fact]
    public async Task Mcporter_signs_in()
    {
        var server = await ServerAsync();
        using var browser = new TestBrowser(server.NodeTrust);

        await McporterTests.SignInAndVisitAsync(new { url = server.Endpoint }, browser.Environment);
        await browser.LastPageAsync();
    }

    [Fact]
    public async Task A_user_selects_an_account_and_gives_a_second_factor()
    {
        await using var server = await EntraServer.StartAsync(servers.Folder.Path, Cancellation);
        server.Emulator.SignIn = SignInMode.Form;
        server.Entra.Sample.Contoso.ConditionalAccess[SampleDirectory.ServerId] =
            new(ConditionalAccessDecision.RequireMultifactor, "policy-1");

        await RunJourneyAsync(server, "typescript-2.mjs", "mcp", "2026-07-28");

        Assert.Equal(0, server.Emulator.Requests.CountOfPrompt("consent"));
    }

    [Theory]
    [InlineData("typescript-2.mjs")]
    [InlineData("typescript-1.mjs")]
    public async Task A_client_learns_that_the_user_does_not_approve(string client)
    {
        var server = await ServerAsync();

        var result = await NodeClient.RunAsync(
            client,
            [server.Endpoint.ToString(), Journey.ThroughFiles().Plan.ToJson(), NoClientId],
            new Dictionary<string, string>(server.NodeTrust) { ["BROWSER_BUTTON"] = "cancel" },
            Cancellation);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("error=access_denied", result.Error, StringComparison.Ordinal);
    }

    private static Task RunJourneyAsync(EntraServer server, string client, string path, string protocolVersion) =>
        TypeScriptClientTests.RunJourneyAsync(
            Journey.ThroughFiles(),
            client,
            new Uri(server.Endpoint, "/" + path).ToString(),
            protocolVersion,
            [NoClientId],
            server.NodeTrust);

    internal static ClientOAuthOptions Registering(IReadOnlyDictionary<string, string> trust) => new()
    {
        RedirectUri = new Uri("http://localhost:1179/callback"),
        DynamicClientRegistration = new DynamicClientRegistrationOptions { ClientName = "a C# host" },
        AuthorizationCallbackHandler = async (context, cancellationToken) =>
        {
            var browser = await NodeClient.RunAsync(
                "browser.mjs", [context.AuthorizationUri.ToString(), context.RedirectUri.ToString()], trust, cancellationToken);
            Assert.True(browser.ExitCode == 0, browser.Error);
            Assert.StartsWith(context.RedirectUri.ToString(), browser.Output, StringComparison.Ordinal);
            var answer = HttpUtility.ParseQueryString(new Uri(browser.Output.Trim()).Query);
            return new AuthorizationResult { Code = answer["code"], State = answer["state"], Iss = answer["iss"] };
        },
    };
}
