using System.Net;
using System.Net.Sockets;
using Azure.Core;
using RemoteMcp.Cli.Doctor;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.Cli.Doctor;

/// <summary><c>remote-mcp doctor</c> at servers of ours.</summary>
public sealed class DoctorTests
{
    [Fact]
    public async Task A_server_in_good_health_gets_a_line_for_everything_and_no_complaint()
    {
        await using var server = await TestServerHost.StartAsync();

        var findings = await ExamineAsync(new Uri(server.Url, "mcp"));

        Assert.Equal(
            ["DNS", "/healthz", "/readyz", "Sign-in", "MCP 2026-07-28", "MCP 2025-11-25", "MCP 2025-06-18", "MCP 2025-03-26", "HTTP+SSE", "Latency", "Tools"],
            findings.Select(static finding => finding.Check));
        Assert.All(findings, static finding => Assert.True(finding.Verdict == Verdict.Good, finding.ToString()));
        Assert.Contains("echo", findings[^1].Detail, StringComparison.Ordinal);
        Assert.Matches(@"p50 \d+ ms, p95 \d+ ms", findings[^2].Detail);
    }

    [Fact]
    public async Task Where_nothing_listens_the_report_ends_with_what_to_check()
    {
        // Bound, so that nobody else listens there meanwhile.
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
    public async Task A_name_without_an_address_is_the_first_and_last_finding(string url)
    {
        var finding = Assert.Single(await ExamineAsync(new Uri(url)));

        Assert.Equal(("DNS", Verdict.Bad), (finding.Check, finding.Verdict));
    }

    internal static async Task<List<Finding>> ExamineAsync(Uri endpoint, string? token = null, Func<Uri, TokenCredential>? signIn = null, TimeProvider? time = null)
    {
        using var visit = new Visit(endpoint) { GivenToken = token };
        return await ExamineAsync(visit, signIn, time);
    }

    internal static async Task<List<Finding>> ExamineAsync(Visit visit, Func<Uri, TokenCredential>? signIn = null, TimeProvider? time = null)
    {
        var findings = new List<Finding>();
        await foreach (var finding in Examination.RunAsync(visit, signIn, time ?? TimeProvider.System, TestContext.Current.CancellationToken))
        {
            findings.Add(finding);
        }

        return findings;
    }
}
