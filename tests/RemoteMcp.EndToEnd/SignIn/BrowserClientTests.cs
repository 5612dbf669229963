using System.Text.Json;
using System.Text.RegularExpressions;
using RemoteMcp.EndToEnd.Clients;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>Tests that clients that run in a browser sign in with only the URL, through a fleet.</summary>
[Collection(SignInFleet.Collection)]
public sealed partial class BrowserClientTests(SignInFleet shared)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task User_interface_of_the_Inspector_signs_in_in_Chromium()
    {
        await shared.CompleteAsync();
        var folder = Directory.CreateTempSubdirectory("remote-mcp-browser-");
        try
        {
            var start = Programs.Node(
                InspectorTests.Inspector, ["--web", "--server-url", shared.Fleet.Endpoint.ToString(), "--transport", "http"]);
            await using var inspector = RunningProcess.Start(start.With(new Dictionary<string, string>
            {
                ["HOME"] = folder.FullName,
                ["CLIENT_PORT"] = $"{FreePort.Find()}",
                ["MCP_SANDBOX_PORT"] = "0",
                ["MCP_APP_ORIGIN_PORT"] = "0",
                ["MCP_AUTO_OPEN_ENABLED"] = "false",
                ["MCP_INSPECTOR_SECRET_STORE"] = "memory",
            }));
            var visit = await NodeClient.RunAsync("inspector-ui.mjs", [await UrlOfAsync(inspector), folder.FullName], Cancellation);

            Assert.True(visit.ExitCode == 0, visit.Error + inspector.Describe());
            var seen = JsonElement.Parse(visit.Output);
            Assert.Contains("MCP Inspector wants to use remote-mcp", seen.GetProperty("consent").GetString(), StringComparison.Ordinal);
            Assert.Contains("search_files", seen.GetProperty("tools").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <remarks>The Inspector sends its requests from the developer's machine. Other clients send them from the page.</remarks>
    [Fact]
    public async Task Page_signs_in_with_the_preflights_and_headers_of_CORS()
    {
        await shared.CompleteAsync();

        await BrowserPage.SignInAsync(shared.Fleet.Endpoint, shared.Http, shared.NewPerson());
    }

    private static async Task<string> UrlOfAsync(RunningProcess inspector)
    {
        while (await inspector.ReadLineAsync(Cancellation) is { } line)
        {
            if (InspectorUrl().Match(line) is { Success: true } match)
            {
                return match.Value;
            }
        }

        throw new InvalidOperationException("The Inspector printed no URL: " + inspector.Describe());
    }

    [GeneratedRegex(@"http://\S+\?MCP_INSPECTOR_API_TOKEN=\S+")]
    private static partial Regex InspectorUrl();
}
