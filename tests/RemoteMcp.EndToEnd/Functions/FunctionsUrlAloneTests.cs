using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using RemoteMcp.EndToEnd.Clients;
using RemoteMcp.EndToEnd.Conformance;
using RemoteMcp.EndToEnd.Fleet;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.EndToEnd.SignIn;
using Xunit;

namespace RemoteMcp.EndToEnd.Functions;

/// <summary>Tests that clients sign in to the Functions app with only its URL.</summary>
public sealed class FunctionsUrlAloneTests(FunctionsUrlAloneTests.App app) : IClassFixture<FunctionsUrlAloneTests.App>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Revisions => new(AuthorizationRun.Revisions);

    [Theory]
    [InlineData("typescript-2.mjs", "2026-07-28")]
    [InlineData("typescript-1.mjs", "2025-11-25")]
    public async Task TypeScript_SDKs_sign_in(string client, string protocolVersion) => await TypeScriptClientTests.RunJourneyAsync(
        Journey.ThroughFiles(), client, app.Endpoint.ToString(), protocolVersion, ["{}"], app.Entra.NodeTrust);

    /// <remarks>One large client uses the paths at the root, whatever the metadata says.</remarks>
    [Theory]
    [InlineData("/oauth/")]
    [InlineData("/")]
    public async Task Client_signs_in_and_refreshes_at_the_paths_below(string path)
    {
        var client = new StepwiseClient(app.Endpoint, app.Http, app.Entra.Sample.Adele);
        await client.DiscoverAsync();
        client.Paths = new OAuthPaths(
            new Uri(app.Endpoint, path + "authorize"), new Uri(app.Endpoint, path + "token"), new Uri(app.Endpoint, path + "register"));

        var (tokens, sawConsent) = await client.SignInAsync();
        var renewed = await client.RefreshAsync(null, tokens);

        Assert.True(sawConsent);
        Assert.True(renewed.Status == HttpStatusCode.OK, renewed.Body.ToJsonString());
        using var session = new FleetClient(app.Endpoint, Cancellation) { Token = renewed.AccessToken };
        await session.InitializeAsync();
        Assert.Contains(
            "hello.txt", await session.TextAsync(null, 1, "list_directory", """{"path":"notes"}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".well-known/oauth-authorization-server/oauth")]
    [InlineData("oauth/.well-known/oauth-authorization-server")]
    [InlineData(".well-known/oauth-authorization-server")]
    [InlineData(".well-known/openid-configuration/oauth")]
    [InlineData("oauth/.well-known/openid-configuration")]
    [InlineData(".well-known/openid-configuration")]
    public async Task Metadata_names_the_same_issuer_at_each_path(string path)
    {
        var metadata = await app.Http.GetFromJsonAsync<JsonNode>(new Uri(app.Endpoint, "/" + path), Cancellation);

        Assert.Equal(new Uri(app.Endpoint, "/oauth").ToString(), (string?)metadata!["issuer"]);
    }

    [Fact]
    public async Task Page_in_a_browser_signs_in() => await BrowserPage.SignInAsync(app.Endpoint, app.Http, app.Entra.Sample.Megan);

    [Theory, MemberData(nameof(Revisions))]
    public async Task Every_authorization_scenario_passes(string revision) => await AuthorizationRun.AssertPassesAsync(
        new Uri(app.Endpoint, "/"), "one Functions worker", revision, app.Entra.NodeTrust);

    /// <summary>The Functions app with sign-in, in its worker.</summary>
    public sealed class App(StartedServers servers) : IAsyncLifetime
    {
        private EmulatedEntra? _entra;
        private ServerProcess? _process;
        private HttpClient? _http;

        internal EmulatedEntra Entra => _entra!;

        internal HttpClient Http => _http!;

        internal Uri Endpoint => _process!.Endpoint;

        public async ValueTask InitializeAsync()
        {
            _entra = await EmulatedEntra.StartAsync(Cancellation);
            _http = new HttpClient(_entra.Emulator.CreateHandler(followRedirects: false, useCookies: false));
            var start = Programs.Functions(BuiltApp.Team).With(_entra.ServerEnvironment);
            start.Environment["RemoteMcp__Files__Root"] = servers.Folder.Path;
            _process = await ServerProcess.StartAsync(start, ServerProcess.StartLimit, Cancellation);
        }

        public async ValueTask DisposeAsync()
        {
            await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
            _http?.Dispose();
            await (_entra?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }
}
