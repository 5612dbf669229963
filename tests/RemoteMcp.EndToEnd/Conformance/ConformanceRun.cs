using System.Text.Json;
using System.Text.RegularExpressions;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Conformance;

/// <summary>
/// The outcome of one scenario. <paramref name="NotScored"/> is the reason why the revision does not require the scenario, or null if it
/// does.
/// </summary>
internal sealed record Scenario(string Name, int Passed, int Failed, string? NotScored, IReadOnlyList<string> Failures)
{
    public override string ToString() =>
        $"{(Failed == 0 ? "passed" : "FAILED")} {Name}: {Passed}/{Passed + Failed} checks{(NotScored is null ? "" : $" ({NotScored})")}";
}

/// <summary>Runs the MCP conformance suite against a server with the requirements of one protocol revision.</summary>
internal sealed partial class ConformanceRun
{
    public const string CountsVariable = "REMOTE_MCP_CONFORMANCE_COUNTS";

    /// <summary>The program of the suite, relative to tests/clients.</summary>
    public const string Suite = "node_modules/@modelcontextprotocol/conformance/dist/index.js";

    /// <summary>Raises the timeouts of the suite, because the suite tests responses and not the speed of this machine.</summary>
    public static readonly IReadOnlyDictionary<string, string> Patience = new Dictionary<string, string>
    {
        ["NODE_OPTIONS"] = $"--import={new Uri(Path.Combine(Programs.ClientsFolder, "patience.mjs")).AbsoluteUri}",
    };

    private ConformanceRun(string revision, NodeResult result, IReadOnlyList<Scenario> scenarios)
    {
        Revision = revision;
        Result = result;
        Required = [.. scenarios.Where(scenario => scenario.NotScored is null)];
        NotScored = [.. scenarios.Where(scenario => scenario.NotScored is not null)];
    }

    private string Revision { get; }

    private NodeResult Result { get; }

    /// <summary>The scenarios that the revision requires.</summary>
    private IReadOnlyList<Scenario> Required { get; }

    /// <summary>
    /// The scenarios that the suite runs but does not require: extensions, later additions, and features that the suite's own server lacks.
    /// </summary>
    private IReadOnlyList<Scenario> NotScored { get; }

    private string Summary =>
        $"conformance {Revision}: {Required.Count(scenario => scenario.Failed == 0)}/{Required.Count} required scenarios, "
        + $"{Required.Sum(scenario => scenario.Passed)}/{Required.Sum(scenario => scenario.Passed + scenario.Failed)} checks; "
        + $"not scored: {NotScored.Count(scenario => scenario.Failed == 0)}/{NotScored.Count} scenarios";

    /// <summary>
    /// Runs the suite and asserts that every required scenario passes. The counts go to the output of the test and to the file that the
    /// environment variable <see cref="CountsVariable"/> names, so that CI can print them.
    /// </summary>
    /// <param name="endpoint">The endpoint of the server.</param>
    /// <param name="over">A description of the server for the reader of the counts.</param>
    /// <param name="revision">The protocol revision.</param>
    /// <param name="required">The expected number of required scenarios, so that a missing scenario fails the test.</param>
    public static async Task AssertPassesAsync(Uri endpoint, string over, string revision, int required)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var run = await RunAsync(endpoint, revision, cancellation);

        await ReportAsync($"{run.Summary}; {over}");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', run.NotScored));

        var failures = run.Required.SelectMany(scenario => scenario.Failures.Select(failure => $"{scenario.Name}: {failure}"));
        Assert.Equal("", string.Join('\n', failures));
        Assert.Equal(required, run.Required.Count);
        Assert.Equal(0, run.Result.ExitCode);
    }

    /// <summary>
    /// Writes counts to the output of the test and to the file that the environment variable <see cref="CountsVariable"/> names.
    /// </summary>
    public static async Task ReportAsync(string counts)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(counts);
        if (Environment.GetEnvironmentVariable(CountsVariable) is { Length: > 0 } file)
        {
            await File.AppendAllTextAsync(file, counts + Environment.NewLine, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<ConformanceRun> RunAsync(Uri endpoint, string revision, CancellationToken cancellationToken)
    {
        var results = Directory.CreateTempSubdirectory("remote-mcp-conformance-");
        try
        {
            var result = await NodeClient.RunAsync(
                Suite,
                ["server", "--url", endpoint.ToString(), "--requirements", revision, "--output-dir", results.FullName],
                Patience,
                cancellationToken);
            return new ConformanceRun(revision, result, ReadScenarios(result.Output, results));
        }
        finally
        {
            results.Delete(recursive: true);
        }
    }

    private static List<Scenario> ReadScenarios(string output, DirectoryInfo results)
    {
        var notScored = NotScoredLine().Matches(output)
            .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["reason"].Value);
        return [.. SummaryLine().Matches(output).Select(match => new Scenario(
            match.Groups["name"].Value,
            int.Parse(match.Groups["passed"].ValueSpan),
            int.Parse(match.Groups["failed"].ValueSpan),
            notScored.GetValueOrDefault(match.Groups["name"].Value),
            ReadFailures(match.Groups["name"].Value, results)))];
    }

    // The suite writes the checks of a scenario to a folder server-NAME-TIMESTAMP.
    private static List<string> ReadFailures(string scenario, DirectoryInfo results)
    {
        var failures = new List<string>();
        foreach (var folder in results.EnumerateDirectories($"server-{scenario}-2*"))
        {
            using var checks = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder.FullName, "checks.json")));
            failures.AddRange(checks.RootElement.EnumerateArray()
                .Where(check => check.GetProperty("status").GetString() == "FAILURE")
                .Select(check =>
                    $"{check.GetProperty("id")}: {(check.TryGetProperty("errorMessage", out var message) ? message : "failed")}"));
        }

        return failures;
    }

    [GeneratedRegex(@"^[✓✗] (?<name>\S+): (?<passed>\d+) passed, (?<failed>\d+) failed\r?$", RegexOptions.Multiline)]
    private static partial Regex SummaryLine();

    [GeneratedRegex(@"^  [✓✗] (?<name>\S+) \((?<reason>[^)]+)\)\r?$", RegexOptions.Multiline)]
    private static partial Regex NotScoredLine();
}
