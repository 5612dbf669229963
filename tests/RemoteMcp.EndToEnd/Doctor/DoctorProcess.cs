using System.Text.RegularExpressions;
using RemoteMcp.Emulators;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.EndToEnd.SignIn;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.EndToEnd.Doctor;

/// <summary><c>remote-mcp doctor</c> in a terminal, against a server that requires sign-in, and the user of the terminal.</summary>
internal sealed partial class DoctorProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    private readonly RunningProcess _process;

    private DoctorProcess(RunningProcess process) => _process = process;

    /// <summary>Everything that the command has printed.</summary>
    public string Output => _process.Output + _process.Error;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts the command.</summary>
    /// <param name="server">The server to check.</param>
    /// <param name="environment">Further environment variables.</param>
    /// <param name="arguments">The options.</param>
    public static DoctorProcess Start(EntraServer server, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        new(RunningProcess.Start(
            Programs.DotNet(Programs.RemoteMcp, ["doctor", server.Endpoint.ToString(), "--allow-origin", Issuer(server), .. arguments])
                .With(server.Entra.DotNetTrust)
                .With(environment)));

    /// <inheritdoc cref="Start(EntraServer, IReadOnlyDictionary{string, string}, string[])"/>
    public static DoctorProcess Start(EntraServer server, params string[] arguments) =>
        Start(server, new Dictionary<string, string>(), arguments);

    // The emulator is not a sign-in service of Microsoft, so the user has to allow it.
    private static string Issuer(EntraServer server) => server.Emulator.Addresses.Entra.GetLeftPart(UriPartial.Authority);

    /// <summary>Verifies that every check succeeded, in particular those with the given names.</summary>
    public async Task VerifyReportAsync(params string[] signIns)
    {
        await VerifyExitAsync(0);
        var report = _process.Output;
        Assert.DoesNotContain("FAIL", report, StringComparison.Ordinal);
        Assert.DoesNotContain("skip", report, StringComparison.Ordinal);
        string[] checks =
        [
            "Challenge", "Metadata", .. signIns, "Token",
            "MCP 2026-07-28", "MCP 2025-11-25", "MCP 2025-06-18", "MCP 2025-03-26", "HTTP+SSE",
            "Latency", "Tools",
        ];
        foreach (var check in checks)
        {
            Assert.Matches($@"(?m)^ok    {Regex.Escape(check)} ", report);
        }

        Assert.Matches(@"(?m)^ok    Token +Signed in until \d\d:\d\d\.$", report);
        Assert.Matches(@"(?m)^ok    Tools +\d+ visible: .*list_directory", report);
    }

    /// <summary>Verifies that the command got no token, and what it says about it.</summary>
    public async Task VerifyNoTokenAsync(string says, string remedy)
    {
        await VerifyExitAsync(1);
        Assert.True(
            Regex.IsMatch(_process.Output, $@"(?m)^FAIL  Token .*{Regex.Escape(says)}.*\n +-> .*{Regex.Escape(remedy)}"),
            _process.Describe());
        Assert.Matches(@"(?m)^skip  Protocol ", _process.Output);
        Assert.DoesNotContain("   at ", Output, StringComparison.Ordinal);
    }

    /// <summary>Waits until the command shows a device code.</summary>
    public async Task<(Uri Page, string Code)> ShownCodeAsync()
    {
        await Eventually.IsTrueAsync(() => Shown().IsMatch(_process.Error), within: s_limit);
        var shown = Shown().Match(_process.Error);
        return (new Uri(shown.Groups["page"].Value), shown.Groups["code"].Value);
    }

    /// <summary>Does what the user does with a device code: opens the page, enters the code, and selects a button.</summary>
    public async Task AnswerAsync(Emulator emulator, string button, string value)
    {
        var (page, code) = await ShownCodeAsync();
        using var browser = emulator.CreateClient();
        Assert.Contains("name=\"otc\"", await browser.GetStringAsync(page, Cancellation), StringComparison.Ordinal);
        var entered = new Uri($"{page}?otc={code}");
        Assert.Contains("MCP clients", await browser.GetStringAsync(entered, Cancellation), StringComparison.Ordinal);
        using var pressed = new FormUrlEncodedContent([new(button, value)]);
        using var done = await browser.PostAsync(entered, pressed, Cancellation);
        done.EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task VerifyExitAsync(int code)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(s_limit);
        try
        {
            Assert.True(await _process.WaitForExitAsync(limit.Token) == code, _process.Describe());
        }
        catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
        {
            Assert.Fail($"Still running after {s_limit}: {_process.Describe()}");
        }
    }

    [GeneratedRegex(@"open the page (?<page>\S+) and enter the code (?<code>\S+) to authenticate")]
    private static partial Regex Shown();
}
