using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.EndToEnd.SignIn;
using Xunit;

namespace RemoteMcp.EndToEnd.Doctor;

/// <summary>
/// Runs <c>remote-mcp doctor</c> in a terminal against a server whose clients sign in at Entra ID directly, with the emulator as Entra ID.
/// </summary>
public sealed class DoctorSignInTests(StartedServers servers, SignInServers signIn) : IClassFixture<SignInServers>, IAsyncLifetime
{
    private EntraServer _server = null!;

    private Emulator Emulator => _server.Emulator;

    public async ValueTask InitializeAsync()
    {
        _server = await signIn.DirectAsync(servers.Folder.Path);
        Emulator.SignIn = SignInMode.Form;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task User_who_enters_the_code_sees_every_line_and_the_tools()
    {
        await using var doctor = Start();
        await doctor.AnswerAsync(Emulator, "user", _server.Entra.Sample.Adele.ObjectId);

        await doctor.VerifyReportAsync("Sign-in (Entra ID)");
    }

    [Fact]
    public async Task User_who_signs_in_with_the_browser_sees_every_line_and_the_tools()
    {
        using var browser = new TestBrowser(_server.NodeTrust);
        await using var doctor = StartWith(browser);

        await doctor.VerifyReportAsync("Sign-in (Entra ID)");
        Assert.DoesNotContain("enter the code", doctor.Output, StringComparison.Ordinal);
        await browser.LastPageAsync();
    }

    [Fact]
    public async Task Declined_device_code_is_reported()
    {
        await using var doctor = Start();
        await doctor.AnswerAsync(Emulator, "decision", "cancel");

        await doctor.VerifyNoTokenAsync("AADSTS70000: OAuth 2.0 device flow error. The end user declined", "accept");
    }

    [Fact]
    public async Task Declined_browser_sign_in_is_reported()
    {
        using var browser = new TestBrowser(_server.NodeTrust, button: "cancel");
        await using var doctor = StartWith(browser);

        await doctor.VerifyNoTokenAsync("AADSTS65004: User declined", "accept");
        await browser.LastPageAsync();
    }

    [Fact]
    public async Task Device_code_that_is_not_entered_in_time_is_reported_as_expired()
    {
        var late = TimeSpan.FromMinutes(16);
        await using var doctor = Start();
        await doctor.ShownCodeAsync();
        Emulator.Clock.Advance(late);
        try
        {
            await doctor.VerifyNoTokenAsync("AADSTS70019: Verification code expired", "Run it again");
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
        await using var doctor = DoctorProcess.Start(_server, new Dictionary<string, string> { ["REMOTE_MCP_TOKEN"] = graph });

        await doctor.VerifyNoTokenAsync(
            "The server refuses it: Unauthorized: the access token is invalid or expired, or it is not for this server", "audience");
        Assert.DoesNotContain(graph, doctor.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registration_that_issues_version_1_tokens_is_detected()
    {
        var registration = _server.Entra.Sample.Server;
        registration.AccessTokenVersion = 1;
        try
        {
            await using var doctor = Start();
            await doctor.AnswerAsync(Emulator, "user", _server.Entra.Sample.Adele.ObjectId);

            await doctor.VerifyNoTokenAsync("The server refuses it", "version 2.0");
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
        await using var doctor = DoctorProcess.Start(
            _server, nothingThere, "--client-id", SampleDirectory.DesktopClientId, "--browser", "--yes");

        await doctor.VerifyNoTokenAsync("Unable to open a web page", "Leave --browser out");
    }

    private DoctorProcess Start() => DoctorProcess.Start(_server, "--client-id", SampleDirectory.DesktopClientId);

    private DoctorProcess StartWith(TestBrowser browser) =>
        DoctorProcess.Start(_server, browser.Environment, "--client-id", SampleDirectory.DesktopClientId, "--browser", "--yes");
}
