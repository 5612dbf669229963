using System.Text.Json;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Clients;

/// <summary>Tests the command line of the MCP Inspector, which developers use to debug servers.</summary>
public sealed class InspectorTests(StartedServers servers)
{
    /// <summary>The program of the Inspector, relative to tests/clients.</summary>
    internal const string Inspector = "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js";
    private const int ToolFailed = 5;

    // By default, the Inspector allows 15 s to connect. That includes the start of a stdio server or a sign-in in a browser.
    private const string NoLimit = "0";

    [Theory]
    [InlineData("mcp", "http", "modern")]
    [InlineData("mcp", "http", "legacy")]
    [InlineData("mcp/sse", "sse", "legacy")]
    public async Task Lists_calls_reads_and_shows_errors_over_HTTP(string path, string transport, string era)
    {
        var server = await servers.RemoteMcpAsync();

        await VisitAsync(["--server-url", new Uri(server.Address, path).ToString(), "--transport", transport, "--protocol-era", era]);
    }

    [Theory]
    [InlineData("modern")]
    [InlineData("legacy")]
    public async Task Lists_calls_reads_and_shows_errors_over_stdio(string era)
    {
        var start = Programs.DotNet(Programs.RemoteMcp, ["stdio", "--root", servers.Folder.Path]);

        await VisitAsync(["--protocol-era", era, "--", start.FileName, .. start.ArgumentList]);
    }

    internal static Task VisitAsync(string[] server) => VisitAsync(server, new Dictionary<string, string>());

    internal static async Task VisitAsync(string[] server, IReadOnlyDictionary<string, string> environment)
    {
        var journey = Journey.ThroughFiles();

        var tools = await RunAsync(server, environment, "tools/list");
        Assert.Contains(
            journey.Plan.Call.Name,
            tools.Result.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()));

        var call = await RunAsync(server, environment, "tools/call", Call(journey.Plan.Call));
        Assert.Contains(journey.CallSays, TextOf(call.Result), StringComparison.Ordinal);

        var resource = await RunAsync(server, environment, "resources/read", "--uri", journey.Plan.Resource);
        Assert.Equal(journey.ResourceSays, resource.Result.GetProperty("contents")[0].GetProperty("text").GetString());

        var failed = await RunAsync(server, environment, "tools/call", Call(journey.Plan.ToolError));
        Assert.Equal(ToolFailed, failed.ExitCode);
        Assert.Contains(journey.ToolErrorSays, TextOf(failed.Result), StringComparison.Ordinal);
    }

    private static string[] Call(ToolCall call) =>
        ["--tool-name", call.Name, "--tool-args-json", JsonSerializer.Serialize(call.Arguments)];

    private static async Task<(int ExitCode, JsonElement Result)> RunAsync(
        string[] server, IReadOnlyDictionary<string, string> environment, string method, params string[] arguments)
    {
        var result = await NodeClient.RunAsync(
            Inspector,
            ["--cli", "--format", "json", "--connect-timeout", NoLimit, "--method", method, .. arguments, .. server],
            environment,
            TestContext.Current.CancellationToken);

        Assert.True(result.Output.Length > 0, result.Error);
        return (result.ExitCode, JsonElement.Parse(result.Output).GetProperty("result"));
    }

    private static string TextOf(JsonElement result) => result.GetProperty("content")[0].GetProperty("text").GetString()!;
}
