using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.EndToEnd.SignIn;
using Xunit;

namespace RemoteMcp.EndToEnd.Conformance;

/// <summary>
/// Runs the scenarios of the MCP conformance suite for authorization servers. The suite prints a URL and waits for its callback. A scripted
/// browser opens the URL, where the emulator signs the person in, and approves the client.
/// </summary>
internal static partial class AuthorizationRun
{
    /// <summary>Every revision that the suite knows.</summary>
    public static IReadOnlyList<string> Revisions { get; } = ["2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"];

    private static readonly string[] s_scenarios = ["authorization-code-grant", "authorization-server-metadata-endpoint"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Runs the scenarios and asserts that each of their checks is a success: none is skipped or a warning.</summary>
    /// <param name="address">The address of the server.</param>
    /// <param name="over">A description of the server for the reader of the counts.</param>
    /// <param name="revision">The protocol revision.</param>
    /// <param name="trust">The environment variables that make the browser trust the emulator.</param>
    public static async Task AssertPassesAsync(Uri address, string over, string revision, IReadOnlyDictionary<string, string> trust)
    {
        var results = Directory.CreateTempSubdirectory("remote-mcp-conformance-");
        try
        {
            var port = FreePort.Find();
            var start = Programs.Node(
                ConformanceRun.Suite,
                [
                    "authorization",
                    "--url", new Uri(address, "oauth").ToString(),
                    "--client-id", await RegisterAsync(address, port),
                    "--resource", new Uri(address, "mcp").ToString(),
                    "--port", $"{port}",
                    "--spec-version", revision,
                    "--output-dir", results.FullName,
                ]);
            await using var suite = RunningProcess.Start(start.With(ConformanceRun.Patience));
            suite.CloseInput();
            await SignInAsync(suite, trust);

            Assert.True(await suite.WaitForExitAsync(Cancellation) == 0, suite.Describe());
            var checks = ReadChecks(results);
            var passed = checks.Count(static check => check.Status == "SUCCESS");
            await ConformanceRun.ReportAsync($"conformance authorization {revision}: {passed}/{checks.Count} checks; {over}");
            Assert.Equal(s_scenarios, checks.Select(static check => check.Scenario).Distinct().Order());
            Assert.All(checks, static check => Assert.True(check.Status == "SUCCESS", check.ToString()));
        }
        finally
        {
            results.Delete(recursive: true);
        }
    }

    // The suite has no client of its own.
    private static async Task<string> RegisterAsync(Uri address, int port)
    {
        using var http = new HttpClient();
        using var response = await http.PostAsJsonAsync(
            new Uri(address, "oauth/register"),
            new { client_name = "conformance", redirect_uris = new[] { $"http://127.0.0.1:{port}/callback" } },
            Cancellation);
        response.EnsureSuccessStatusCode();
        return (string)(await response.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!["client_id"]!;
    }

    private static async Task SignInAsync(RunningProcess suite, IReadOnlyDictionary<string, string> trust)
    {
        while (await suite.ReadLineAsync(Cancellation) is { } line)
        {
            if (AuthorizationUrl().IsMatch(line))
            {
                using var browser = new TestBrowser(trust);
                var visit = await NodeClient.RunAsync("browser.mjs", [line.Trim()], browser.Environment, Cancellation);
                Assert.True(visit.ExitCode == 0, visit.Error);
                return;
            }
        }

        Assert.Fail("The suite printed no URL: " + suite.Describe());
    }

    // The suite writes the checks of a scenario to a folder that begins with its name.
    private static List<Check> ReadChecks(DirectoryInfo results) =>
    [
        .. results.EnumerateFiles("checks.json", SearchOption.AllDirectories).SelectMany(static file =>
            JsonElement.Parse(File.ReadAllBytes(file.FullName)).EnumerateArray().Select(check => new Check(
                s_scenarios.Single(scenario => file.Directory!.Name.Contains(scenario, StringComparison.Ordinal)),
                check.GetProperty("id").GetString()!,
                check.GetProperty("status").GetString()!,
                check.TryGetProperty("errorMessage", out var message) ? message.ToString() : ""))),
    ];

    [GeneratedRegex(@"^\s*http://\S+/authorize\?response_type=code&")]
    private static partial Regex AuthorizationUrl();

    private sealed record Check(string Scenario, string Id, string Status, string Message);
}
