using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.EndToEnd.SignIn;
using RemoteMcp.EndToEnd.Wire;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.EndToEnd.Hosting;

/// <summary>Tests what <c>remote-mcp serve</c> prints to its console after hostile requests.</summary>
public sealed partial class LogOutputTests(StartedServers servers)
{
    private const string Secret = "patient-4711";
    private const string Forged =
        "\r\n12:00:00 info: RemoteMcp.Observability.AuditLog[1] Tool forged called by a/b through c: ok in 1 ms"
        + "\u001b[2J\u001b]0;x\u0007\u202e";

    [Fact]
    public async Task Hostile_requests_print_no_forged_line_and_no_argument()
    {
        await using var server = await ServerProcess.StartAsync(
            Programs.RemoteMcp, ["serve", "--root", servers.Folder.Path], TestContext.Current.CancellationToken);
        using var wire = new HttpWire(server.Endpoint);
        var initialize = JsonMessages.Initialize(1, "2025-11-25");
        initialize["params"]!["clientInfo"] = new JsonObject { ["name"] = "client" + Forged, ["version"] = "1" };
        using var initialized = await wire.PostAsync(initialize);
        wire.Headers["Mcp-Session-Id"] = initialized.Headers.GetValues("Mcp-Session-Id").Single();

        foreach (var (method, parameters) in new (string, JsonObject)[]
        {
            ("tools/call", new() { ["name"] = "tool" + Forged }),
            ("tools/call", new() { ["name"] = "read_file", ["arguments"] = new JsonObject { ["path"] = Secret } }),
            ("prompts/get", new() { ["name"] = "prompt" + Forged }),
            ("prompts/get", new() { ["name"] = "recommend_deployment", ["arguments"] = new JsonObject { ["needs"] = Secret + Forged } }),
            ("resources/read", new() { ["uri"] = "file:///" + Secret }),
            ("resources/read", new() { ["uri"] = "nowhere://" + Secret + Forged }),
            ("method" + Forged, []),
            ("tools/call", new() { ["name"] = "list_directory", ["arguments"] = new JsonObject() }),
        })
        {
            using var response = await wire.PostAsync(JsonMessages.Request(2, method, parameters));
            await response.Content.ReadAsStringAsync(wire.Cancellation);
        }

        await Eventually.IsTrueAsync(() => server.Log.Contains("Tool list_directory called by unknown/unknown", StringComparison.Ordinal));
        var lines = Lines(server.Log);
        Assert.All(lines, static line =>
        {
            Assert.Matches(LogLine(), line);
            Assert.DoesNotContain(line, static character => char.IsControl(character) || character == '\u202e');
            Assert.DoesNotMatch(ForgedLine(), line);
            Assert.DoesNotContain(Secret, line, StringComparison.Ordinal);
        });
        // Each request but initialize and the unknown method is an act.
        Assert.DoesNotContain(lines, static line => line.Contains("Exception", StringComparison.Ordinal));
        Assert.Equal(7, lines.Count(static line => AuditLine().IsMatch(line)));
    }

    [Fact]
    public async Task Flood_of_invalid_tokens_prints_a_bounded_number_of_bytes()
    {
        await using var server = await EntraServer.StartAsync(
            servers.Folder.Path, TestContext.Current.CancellationToken, EntraServer.Direct);
        using var wire = new HttpWire(server.Endpoint);
        var header = Base64Url.EncodeToString("""{"alg":"RS256","kid":"unknown","typ":"JWT"}"""u8);
        var body = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"aud":"{{new string('x', 8_000)}}","exp":4102444800}"""));
        var before = Lines(server.Log).Count;
        var started = Stopwatch.StartNew();

        for (var i = 0; i < 500; i++)
        {
            using var response = await wire.PostAsync(
                JsonMessages.Request(1, "ping", []), ("Authorization", $"Bearer {header}.{body}.AAAA"));
            Assert.Equal(401, (int)response.StatusCode);
        }

        // The windows of a second may begin and end within the loop.
        var windows = (int)started.Elapsed.TotalSeconds + 2;
        await Eventually.IsTrueAsync(() => Lines(server.Log).Count > before);
        var lines = Lines(server.Log).Skip(before).ToList();
        Assert.InRange(lines.Count, 1, windows * 10);
        Assert.All(lines, static line => Assert.InRange(line.Length, 1, 400));
    }

    private static List<string> Lines(string log) =>
        [.. log.Split("--- stderr\n")[1].Split('\n').Where(static line => line.Length > 0)];

    [GeneratedRegex(@"^\d\d:\d\d:\d\d (info|warn|fail|crit): ")]
    private static partial Regex LogLine();

    [GeneratedRegex(@"^\d\d:\d\d:\d\d info: RemoteMcp\.Observability\.AuditLog\[")]
    private static partial Regex AuditLine();

    [GeneratedRegex(@"^12:00:00 info: RemoteMcp\.Observability\.AuditLog\[\d+\] Tool forged")]
    private static partial Regex ForgedLine();
}
