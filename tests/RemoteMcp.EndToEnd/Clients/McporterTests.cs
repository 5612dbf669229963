using System.Text.Json;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Clients;

/// <summary>Tests mcporter, a command-line client that reads its servers from a configuration file.</summary>
public sealed class McporterTests(StartedServers servers)
{
    private const string Mcporter = "node_modules/mcporter/dist/cli.js";

    // In milliseconds. By default, mcporter allows 30 s for a list. That includes the start of a stdio server.
    private static readonly Dictionary<string, string> s_longTimeouts = new()
    {
        ["MCPORTER_LIST_TIMEOUT"] = "600000",
        ["MCPORTER_CALL_TIMEOUT"] = "600000",
    };

    [Fact]
    public async Task Lists_calls_reads_and_shows_errors_over_HTTP() =>
        await VisitAsync(new { url = (await servers.RemoteMcpAsync()).Endpoint });

    [Fact]
    public async Task Lists_calls_reads_and_shows_errors_over_stdio()
    {
        var start = Programs.DotNet(Programs.RemoteMcp, ["stdio", "--root", servers.Folder.Path]);

        await VisitAsync(new { command = start.FileName, args = start.ArgumentList });
    }

    internal static Task VisitAsync(object server) => VisitAsync(server, s_longTimeouts, signsIn: false, reads: true);

    /// <summary>Signs in with <c>mcporter auth</c>, and then makes the journey with the stored tokens.</summary>
    /// <param name="server">The entry of the configuration file.</param>
    /// <param name="environment">The environment variables of the browser.</param>
    /// <param name="reads">
    /// Whether to read a resource. If the token expires within a minute, mcporter (0.12.3) registers itself again for this command, and
    /// then continues the session of the client that it was before.
    /// </param>
    internal static Task SignInAndVisitAsync(object server, IReadOnlyDictionary<string, string> environment, bool reads = true) =>
        VisitAsync(server, s_longTimeouts.Concat(environment).ToDictionary(), signsIn: true, reads);

    private static async Task VisitAsync(object server, IReadOnlyDictionary<string, string> environment, bool signsIn, bool reads)
    {
        var journey = Journey.ThroughFiles();
        var configuration = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                configuration, JsonSerializer.Serialize(new { mcpServers = new { team = server }, imports = Array.Empty<string>() }));

            if (signsIn)
            {
                // The output goes to the standard error.
                var signedIn = await NodeAsync(configuration, environment, "auth", "team");
                Assert.True(signedIn.ExitCode == 0, signedIn.Error);
            }

            var tools = JsonElement.Parse((await RunAsync("list", "team", "--json")).Output);
            Assert.True(tools.TryGetProperty("tools", out _), tools.ToString());
            Assert.Contains(
                journey.Plan.Call.Name, tools.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()));

            var call = await RunAsync(Call(journey.Plan.Call));
            Assert.Contains(journey.CallSays, call.Output, StringComparison.Ordinal);

            if (reads)
            {
                var resource = JsonElement.Parse((await RunAsync("resource", "team", journey.Plan.Resource, "--json")).Output);
                Assert.Equal(journey.ResourceSays, resource.GetProperty("contents")[0].GetProperty("text").GetString());
            }

            var failed = await RunAsync(Call(journey.Plan.ToolError));
            Assert.Equal(1, failed.ExitCode);
            Assert.Contains(journey.ToolErrorSays, failed.Output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(configuration);
        }

        async Task<NodeResult> RunAsync(params string[] arguments)
        {
            var result = await NodeAsync(configuration, environment, arguments);
            Assert.True(result.Output.Length > 0, result.Error);
            return result;
        }
    }

    private static string[] Call(ToolCall call) =>
        ["call", $"team.{call.Name}", "--args", JsonSerializer.Serialize(call.Arguments), "--output", "text"];

    private static Task<NodeResult> NodeAsync(
        string configuration, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        NodeClient.RunAsync(Mcporter, ["--config", configuration, .. arguments], environment, TestContext.Current.CancellationToken);
}
