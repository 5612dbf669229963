using ModelContextProtocol.Client;
using RemoteMcp.EndToEnd.Clients;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>
/// Tests that real clients sign in once, with only the URL, and then work through several token lifetimes, while each request reaches
/// another instance and an instance is killed.
/// </summary>
[Collection(SignInFleet.Collection)]
public sealed class ClientsOfSignInFleetTests(SignInFleet shared) : IAsyncLifetime
{
    private const string NoClientId = "{}";

    private Lazy<Task> _kill = null!;
    private ShortLivedTokens _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Uri Endpoint => new(_server.Address, "mcp");

    public async ValueTask InitializeAsync()
    {
        await shared.CompleteAsync();
        shared.Entra.Emulator.DefaultUser = shared.Entra.Sample.Adele.PrincipalName;
        // The client renews its first token. Another instance than the dead one must do it.
        _kill = new(() => shared.Fleet.KillAsync(shared.Fleet.Instances[0]));
        _server = await ShortLivedTokens.StartAsync(shared.Fleet.Address, () => _kill.Value, Cancellation);
    }

    public ValueTask DisposeAsync()
    {
        TestContext.Current.TestOutputHelper?.WriteLine(_server.Log);
        return _server.DisposeAsync();
    }

    [Theory]
    [InlineData("typescript-2.mjs", "2026-07-28", 0)]
    [InlineData("typescript-1.mjs", "2025-11-25", 1)]
    public async Task TypeScript_SDKs_stay_signed_in(string client, string protocolVersion, int sessions)
    {
        await TypeScriptClientTests.RunJourneyAsync(
            Journey.ThroughFiles(), client, Endpoint.ToString(), protocolVersion, [NoClientId], shared.Entra.NodeTrust);

        AssertStayedSignedIn(sessions);
    }

    [Theory]
    [InlineData("2026-07-28", 0)]
    [InlineData("2025-11-25", 1)]
    public async Task The_CSharp_SDK_stays_signed_in(string protocolVersion, int sessions)
    {
        var transport = PatientClient.Http(
            _server.Address, HttpTransportMode.StreamableHttp, "mcp", UrlAloneTests.Registering(shared.Entra.NodeTrust));

        await CSharpClientTests.RunJourneyAsync(transport, Journey.ThroughFiles(), protocolVersion);

        AssertStayedSignedIn(sessions);
    }

    [Fact]
    public async Task Mcp_remote_stays_signed_in()
    {
        using var browser = new TestBrowser(shared.Entra.NodeTrust);
        await using (var remote = await McpRemote.ConnectAsync([Endpoint.ToString(), $"{FreePort.Find()}"], browser.Environment))
        {
            var journey = Journey.ThroughFiles();
            journey.Verify(await CSharpJourneyRunner.RunJourneyAsync(remote.Client, journey.Plan), "2025-11-25");
            await browser.LastPageAsync();
        }

        // mcp-remote first tests the connection with a session of its own.
        AssertStayedSignedIn(sessions: 2);
    }

    /// <remarks>
    /// Each command of the Inspector is a new process. If its first request is refused, it opens the browser instead of refreshing. The
    /// person is still signed in there and has approved the client, so the browser shows no page.
    /// </remarks>
    [Theory]
    [InlineData("modern")]
    [InlineData("legacy")]
    public async Task The_command_line_of_the_Inspector_asks_the_person_only_once(string era)
    {
        using var browser = new TestBrowser(shared.Entra.NodeTrust);

        await InspectorTests.VisitAsync(
            ["--server-url", Endpoint.ToString(), "--transport", "http", "--protocol-era", era],
            new Dictionary<string, string>(browser.Environment)
            {
                ["MCP_OAUTH_CALLBACK_URL"] = $"http://127.0.0.1:{FreePort.Find()}/oauth/callback",
            });
        await browser.LastPageAsync();

        AssertApprovedOnce();
        Assert.True(_server.SignIns + _server.Refreshes >= 3, _server.Log);
    }

    /// <remarks>
    /// Each command of mcporter replaces a token that expires within a minute, as every token of this fleet does. If the server refuses a
    /// token that should be valid, mcporter tells the person to sign in.
    /// </remarks>
    [Fact]
    public async Task Mcporter_stays_signed_in()
    {
        _server.RequestsPerToken = int.MaxValue;
        using var browser = new TestBrowser(shared.Entra.NodeTrust);

        await McporterTests.SignInAndVisitAsync(new { url = Endpoint }, browser.Environment, reads: false);
        await browser.LastPageAsync();

        AssertStayedSignedIn(sessions: null);
    }

    /// <param name="sessions">The number of sessions, or null if every command has its own.</param>
    private void AssertStayedSignedIn(int? sessions)
    {
        Assert.True(_server.SignIns == 1, _server.Log);
        Assert.True(_server.Refreshes >= 2, _server.Log);
        AssertApprovedOnce();
        if (sessions is { } expected)
        {
            Assert.Equal(expected, _server.Sessions.Count());
        }
    }

    private void AssertApprovedOnce()
    {
        Assert.True(_kill.IsValueCreated, _server.Log);
        Assert.True(_server.Approvals == 1, _server.Log);
    }
}
