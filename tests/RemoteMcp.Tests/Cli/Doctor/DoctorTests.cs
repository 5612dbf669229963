using System.Net;
using System.Net.Sockets;
using RemoteMcp.Cli.Doctor;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.Cli.Doctor;

/// <summary>Tests <c>remote-mcp doctor</c> with this project's server and with unreachable servers.</summary>
public sealed class DoctorTests
{
    [Fact]
    public async Task Healthy_server_passes_every_check()
    {
        await using var server = await TestServerHost.StartAsync();

        var findings = await ExamineAsync(new Uri(server.Url, "mcp"));

        Assert.Equal(
            [
                "DNS", "/healthz", "/readyz", "Sign-in", "MCP 2026-07-28", "MCP 2025-11-25", "MCP 2025-06-18", "MCP 2025-03-26",
                "HTTP+SSE", "Latency", "Tools",
            ],
            findings.Select(static finding => finding.Check));
        Assert.All(findings, static finding => Assert.True(finding.Verdict == Verdict.Good, finding.ToString()));
        Assert.Contains("echo", findings[^1].Detail, StringComparison.Ordinal);
        Assert.Matches(@"p50 \d+ ms, p95 \d+ ms", findings[^2].Detail);
    }

    [Fact]
    public async Task Report_of_an_unused_port_ends_with_a_remedy()
    {
        // Bind the port, so that no other process listens on it during the test.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        var findings = await ExamineAsync(new Uri($"http://{socket.LocalEndPoint}/mcp"));

        Assert.Equal(Verdict.Bad, findings[^1].Verdict);
        Assert.Contains("firewall", findings[^1].Remedy, StringComparison.Ordinal);
        Assert.Equal(2, findings.Count);
    }

    [Theory]
    [InlineData("https://no-such-server.invalid/mcp")]
    [InlineData("http://0.0.0.0:7071/mcp")]
    [InlineData("http://[::]:7071/mcp")]
    public async Task Host_without_an_address_is_the_only_finding(string url)
    {
        var finding = Assert.Single(await ExamineAsync(new Uri(url)));

        Assert.Equal(("DNS", Verdict.Bad), (finding.Check, finding.Verdict));
    }

    internal static async Task<List<Finding>> ExamineAsync(
        Uri endpoint, string? token = null, ISignIn? signIn = null, TimeProvider? time = null)
    {
        using var context = new CheckContext(endpoint) { GivenToken = token };
        return await ExamineAsync(context, signIn, time);
    }

    internal static async Task<List<Finding>> ExamineAsync(
        CheckContext context, ISignIn? signIn = null, TimeProvider? time = null)
    {
        var findings = new List<Finding>();
        var examination = ServerChecks.RunAsync(context, signIn, time ?? TimeProvider.System, TestContext.Current.CancellationToken);
        await foreach (var finding in examination)
        {
            findings.Add(finding);
        }

        return findings;
    }
}
