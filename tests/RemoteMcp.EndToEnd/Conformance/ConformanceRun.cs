using System.Text.Json;
using System.Text.RegularExpressions;
using RemoteMcp.EndToEnd.Processes;

namespace RemoteMcp.EndToEnd.Conformance;

/// <summary>One scenario's outcome. <paramref name="NotScored"/> says why the revision does not require it; null when it does.</summary>
internal sealed record Scenario(string Name, int Passed, int Failed, string? NotScored, IReadOnlyList<string> Failures)
{
    public override string ToString() =>
        $"{(Failed == 0 ? "passed" : "FAILED")} {Name}: {Passed}/{Passed + Failed} checks{(NotScored is null ? "" : $" ({NotScored})")}";
}

/// <summary>The MCP conformance suite, run over a server with the requirements of one protocol revision.</summary>
internal sealed partial class ConformanceRun
{
    private const string Suite = "node_modules/@modelcontextprotocol/conformance/dist/index.js";

    private ConformanceRun(string revision, NodeResult result, IReadOnlyList<Scenario> scenarios)
    {
        Revision = revision;
        Result = result;
        Required = [.. scenarios.Where(scenario => scenario.NotScored is null)];
        NotScored = [.. scenarios.Where(scenario => scenario.NotScored is not null)];
    }

    public string Revision { get; }

    public NodeResult Result { get; }

    /// <summary>What conformance to the revision requires.</summary>
    public IReadOnlyList<Scenario> Required { get; }

    /// <summary>What the suite runs without requiring it: extensions, later additions, and what its own server cannot do yet.</summary>
    public IReadOnlyList<Scenario> NotScored { get; }

    public string Summary =>
        $"conformance {Revision}: {Required.Count(scenario => scenario.Failed == 0)}/{Required.Count} required scenarios, "
        + $"{Required.Sum(scenario => scenario.Passed)}/{Required.Sum(scenario => scenario.Passed + scenario.Failed)} checks; "
        + $"not scored: {NotScored.Count(scenario => scenario.Failed == 0)}/{NotScored.Count} scenarios";

    public static async Task<ConformanceRun> RunAsync(Uri endpoint, string revision, CancellationToken cancellationToken)
    {
        var results = Directory.CreateTempSubdirectory("remote-mcp-conformance-");
        try
        {
            var result = await NodeClient.RunAsync(
                Suite,
                ["server", "--url", endpoint.ToString(), "--requirements", revision, "--output-dir", results.FullName],
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
        var notScored = NotScoredLine().Matches(output).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["reason"].Value);
        return [.. SummaryLine().Matches(output).Select(match => new Scenario(
            match.Groups["name"].Value,
            int.Parse(match.Groups["passed"].ValueSpan),
            int.Parse(match.Groups["failed"].ValueSpan),
            notScored.GetValueOrDefault(match.Groups["name"].Value),
            ReadFailures(match.Groups["name"].Value, results)))];
    }

    // A scenario's checks lie in a folder server-NAME-TIMESTAMP.
    private static List<string> ReadFailures(string scenario, DirectoryInfo results)
    {
        var failures = new List<string>();
        foreach (var folder in results.EnumerateDirectories($"server-{scenario}-2*"))
        {
            using var checks = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder.FullName, "checks.json")));
            failures.AddRange(checks.RootElement.EnumerateArray()
                .Where(check => check.GetProperty("status").GetString() == "FAILURE")
                .Select(check => $"{check.GetProperty("id")}: {(check.TryGetProperty("errorMessage", out var message) ? message : "failed")}"));
        }

        return failures;
    }

    [GeneratedRegex(@"^[✓✗] (?<name>\S+): (?<passed>\d+) passed, (?<failed>\d+) failed\r?$", RegexOptions.Multiline)]
    private static partial Regex SummaryLine();

    [GeneratedRegex(@"^  [✓✗] (?<name>\S+) \((?<reason>[^)]+)\)\r?$", RegexOptions.Multiline)]
    private static partial Regex NotScoredLine();
}
