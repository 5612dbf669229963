using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.EndToEnd.SignIn;
using Xunit;

namespace RemoteMcp.EndToEnd.Doctor;

/// <summary>
/// Runs <c>remote-mcp doctor</c> in a terminal against a server that signs clients in itself, with the emulator as its Entra ID.
/// </summary>
public sealed class DoctorServerSignInTests(StartedServers servers, SignInServers signIn) : IClassFixture<SignInServers>, IAsyncLifetime
{
    private static readonly string[] s_signIns = ["Sign-in (this server)", "Sign-in (Entra ID)"];

    private EntraServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await signIn.PlainAsync(servers.Folder.Path);
        _server.Emulator.SignIn = SignInMode.Form;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task User_who_signs_in_with_the_browser_sees_every_line_and_the_tools()
    {
        using var browser = new TestBrowser(_server.NodeTrust);
        await using var doctor = DoctorProcess.Start(_server, browser.Environment, "--browser");

        await doctor.VerifyReportAsync(s_signIns);
        Assert.Contains("Return to the terminal", await browser.LastPageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelled_consent_is_reported()
    {
        using var browser = new TestBrowser(_server.NodeTrust, button: "cancel");
        _server.Emulator.SignIn = SignInMode.Automatic;
        await using var doctor = DoctorProcess.Start(_server, browser.Environment, "--browser");

        await doctor.VerifyNoTokenAsync("access_denied", "allow the command");
        await browser.LastPageAsync();
    }

    [Fact]
    public async Task User_with_a_client_id_signs_in_at_Entra_ID()
    {
        await using var doctor = DoctorProcess.Start(_server, "--client-id", SampleDirectory.DesktopClientId);
        await doctor.AnswerAsync(_server.Emulator, "user", _server.Entra.Sample.Adele.ObjectId);

        await doctor.VerifyReportAsync(s_signIns);
    }
}
