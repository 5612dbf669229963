using System.Text.RegularExpressions;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.EndToEnd.SignIn;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.EndToEnd.Doctor;

/// <summary>
/// Runs <c>remote-mcp doctor</c> in a terminal against a server that requires sign-in, with the emulator as its Entra ID.
/// </summary>
public sealed partial class DoctorSignInTests(StartedServers servers, SignInServers signIn) : IClassFixture<SignInServers>, IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    private EntraServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Emulator Emulator => _server.Emulator;

    public async ValueTask InitializeAsync()
    {
        _server = await signIn.PlainAsync(servers.Folder.Path);
        Emulator.SignIn = SignInMode.Form;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task User_who_enters_the_code_sees_every_line_and_the_tools()
    {
        await using var doctor = Start("--client-id", SampleDirectory.DesktopClientId);
        await AnswerAsync(doctor, "user", _server.Entra.Sample.Adele.ObjectId);

        await VerifyReportAsync(doctor);
    }

    [Fact]
    public async Task User_who_signs_in_with_the_browser_sees_every_line_and_the_tools()
    {
        using var browser = new TestBrowser(_server.NodeTrust);
        await using var doctor = StartWith(browser);

        await VerifyReportAsync(doctor);
        Assert.DoesNotContain("enter the code", doctor.Error, StringComparison.Ordinal);
        await browser.LastPageAsync();
    }

    [Fact]
    public async Task Declined_device_code_is_reported()
    {
        await using var doctor = Start("--client-id", SampleDirectory.DesktopClientId);
        await AnswerAsync(doctor, "decision", "cancel");

        await VerifyNoTokenAsync(doctor, "AADSTS70000: OAuth 2.0 device flow error. The end user declined", "accept");
    }

    [Fact]
    public async Task Declined_browser_sign_in_is_reported()
    {
        using var browser = new TestBrowser(_server.NodeTrust, button: "cancel");
        await using var doctor = StartWith(browser);

        await VerifyNoTokenAsync(doctor, "AADSTS65004: User declined", "accept");
        await browser.LastPageAsync();
    }

    [Fact]
    public async Task Device_code_that_is_not_entered_in_time_is_reported_as_expired()
    {
        var late = TimeSpan.FromMinutes(16);
        await using var doctor = Start("--client-id", SampleDirectory.DesktopClientId);
        await ShownCodeAsync(doctor);
        Emulator.Clock.Advance(late);
        try
        {
            await VerifyNoTokenAsync(doctor, "AADSTS70019: Verification code expired", "Run it again");
        }
        finally
        {
            Emulator.Clock.Advance(-late);
        }
    }

    [Fact]
    public async Task Token_for_another_API_is_refused_and_no_tools_are_listed()
    {
        var sample = _server.Entra.Sample;
        var resource = sample.Directory.FindResource(MicrosoftApplications.GraphId, sample.Contoso)!;
        var graph = Emulator.Tokens.AccessToken(
            new AccessTokenRequest(sample.Contoso, sample.DesktopClient, resource) { User = sample.Adele, Scopes = ["User.Read"] });
        await using var doctor = RunningProcess.Start(Command().With(new Dictionary<string, string> { ["REMOTE_MCP_TOKEN"] = graph }));

        await VerifyNoTokenAsync(
            doctor,
            "The server refuses it: Unauthorized: the access token is invalid or expired, or it is not for this server",
            "audience");
        Assert.DoesNotContain(graph, doctor.Output + doctor.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registration_that_issues_version_1_tokens_is_detected()
    {
        var registration = _server.Entra.Sample.Server;
        registration.AccessTokenVersion = 1;
        try
        {
            await using var doctor = Start("--client-id", SampleDirectory.DesktopClientId);
            await AnswerAsync(doctor, "user", _server.Entra.Sample.Adele.ObjectId);

            await VerifyNoTokenAsync(doctor, "The server refuses it", "version 2.0");
        }
        finally
        {
            registration.AccessTokenVersion = 2;
        }
    }

    [Fact]
    public async Task Machine_without_a_browser_gets_the_advice_to_omit_the_browser_option()
    {
        var nothingThere = new Dictionary<string, string> { ["PATH"] = Programs.ClientsFolder };
        await using var doctor = RunningProcess.Start(
            Command("--client-id", SampleDirectory.DesktopClientId, "--browser").With(nothingThere));

        await VerifyNoTokenAsync(doctor, "Unable to open a web page", "Leave --browser out");
    }

    private static async Task VerifyReportAsync(RunningProcess doctor)
    {
        await VerifyExitAsync(doctor, 0);
        var report = doctor.Output;
        Assert.DoesNotContain("FAIL", report, StringComparison.Ordinal);
        Assert.DoesNotContain("skip", report, StringComparison.Ordinal);
        string[] checks =
        [
            "Challenge", "Metadata", "Issuer", "Token",
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

    private static async Task VerifyNoTokenAsync(RunningProcess doctor, string says, string remedy)
    {
        await VerifyExitAsync(doctor, 1);
        Assert.True(
            Regex.IsMatch(doctor.Output, $@"(?m)^FAIL  Token .*{Regex.Escape(says)}.*\n +-> .*{Regex.Escape(remedy)}"), doctor.Describe());
        Assert.Matches(@"(?m)^skip  Protocol ", doctor.Output);
        Assert.DoesNotContain("   at ", doctor.Output + doctor.Error, StringComparison.Ordinal);
    }

    private static async Task VerifyExitAsync(RunningProcess doctor, int code)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(s_limit);
        try
        {
            Assert.True(await doctor.WaitForExitAsync(limit.Token) == code, doctor.Describe());
        }
        catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
        {
            Assert.Fail($"Still running after {s_limit}: {doctor.Describe()}");
        }
    }

    private RunningProcess Start(params string[] arguments) => RunningProcess.Start(Command(arguments));

    private RunningProcess StartWith(TestBrowser browser) =>
        RunningProcess.Start(Command("--client-id", SampleDirectory.DesktopClientId, "--browser").With(browser.Environment));

    private System.Diagnostics.ProcessStartInfo Command(params string[] arguments) =>
        Programs.DotNet(Programs.RemoteMcp, ["doctor", _server.Endpoint.ToString(), .. arguments]).With(_server.Entra.DotNetTrust);

    private static async Task<(Uri Page, string Code)> ShownCodeAsync(RunningProcess doctor)
    {
        await Eventually.IsTrueAsync(() => Shown().IsMatch(doctor.Error), within: s_limit);
        var shown = Shown().Match(doctor.Error);
        return (new Uri(shown.Groups["page"].Value), shown.Groups["code"].Value);
    }

    // The actions of the user: opens the page, enters the code, and selects a button.
    private async Task AnswerAsync(RunningProcess doctor, string button, string value)
    {
        var (page, code) = await ShownCodeAsync(doctor);
        using var browser = Emulator.CreateClient();
        Assert.Contains("name=\"otc\"", await browser.GetStringAsync(page, Cancellation), StringComparison.Ordinal);
        var entered = new Uri($"{page}?otc={code}");
        Assert.Contains("MCP clients", await browser.GetStringAsync(entered, Cancellation), StringComparison.Ordinal);
        using var pressed = new FormUrlEncodedContent([new(button, value)]);
        using var done = await browser.PostAsync(entered, pressed, Cancellation);
        done.EnsureSuccessStatusCode();
    }

    [GeneratedRegex(@"open the page (?<page>\S+) and enter the code (?<code>\S+) to authenticate")]
    private static partial Regex Shown();
}
