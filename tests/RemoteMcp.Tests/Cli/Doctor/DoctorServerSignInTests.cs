using RemoteMcp.Cli.Doctor;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Tests.AuthorizationServer;
using Xunit;

namespace RemoteMcp.Tests.Cli.Doctor;

/// <summary>Tests <c>remote-mcp doctor</c> with a server that signs clients in itself, which is the default.</summary>
public sealed class DoctorServerSignInTests : SignInServer
{
    [Fact]
    public async Task Report_names_both_sign_ins_and_their_clients()
    {
        var findings = await ExamineAsync(Server.Url);

        Assert.Contains("with the URL alone", Detail(findings, "Sign-in (this server)", Verdict.Good), StringComparison.Ordinal);
        var entra = Detail(findings, "Sign-in (Entra ID)", Verdict.Good);
        Assert.Contains($"{SampleDirectory.ContosoId}/oauth2/v2.0/authorize", entra, StringComparison.Ordinal);
        Assert.EndsWith($"issued for {SampleDirectory.ServerUri}.", entra, StringComparison.Ordinal);
        Detail(findings, "Token", Verdict.Skipped);
    }

    [Theory]
    [InlineData(SampleDirectory.DaemonId, "AADSTS50011", "/oauth/callback to the server's app registration")]
    [InlineData("00000000-0000-4000-8000-00000000beef", "AADSTS700016", "RemoteMcp:Auth:ClientId")]
    public async Task Registration_that_Entra_refuses_is_reported(string clientId, string error, string remedy)
    {
        await using var server = await StartServerAsync(new Dictionary<string, string?> { ["RemoteMcp:Auth:ClientId"] = clientId });

        var findings = await ExamineAsync(server.Url);

        Assert.Contains(error, Detail(findings, "Sign-in (Entra ID)", Verdict.Bad), StringComparison.Ordinal);
        Assert.Contains(remedy, findings.Single(static each => each.Check == "Sign-in (Entra ID)").Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task User_who_signs_in_with_the_browser_sees_every_check()
    {
        using var browser = new BrowserDriver(Emulator);
        var terminal = new StringWriter();
        Task? visit = null;

        var findings = await ExamineAsync(
            Server.Url, new ServerSignIn(page => (visit = VisitAsync(browser, page, "approve")) is not null, terminal));

        await visit!;
        Assert.StartsWith("Signed in until", Detail(findings, "Token", Verdict.Good), StringComparison.Ordinal);
        Assert.Contains("echo", Detail(findings, "Tools", Verdict.Good), StringComparison.Ordinal);
        Assert.Contains(new Uri(Server.Url, "/oauth/authorize?").ToString(), terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task User_who_does_not_allow_the_command_gets_the_reason()
    {
        using var browser = new BrowserDriver(Emulator);
        Task? visit = null;

        var findings = await ExamineAsync(
            Server.Url, new ServerSignIn(page => (visit = VisitAsync(browser, page, "cancel")) is not null, TextWriter.Null));

        await visit!;
        Assert.Contains("access_denied", Detail(findings, "Token", Verdict.Bad), StringComparison.Ordinal);
        Assert.Contains("allow the command", findings.Single(static each => each.Check == "Token").Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callback_accepts_only_the_state_of_this_sign_in()
    {
        await using var callback = await LoopbackCallback.StartAsync(Cancelled);
        using var browser = new HttpClient();
        var received = callback.ReceivedAsync(Cancelled);

        using var early = await browser.GetAsync(Answer(""), Cancelled);
        callback.Expect("s1");
        using var forged = await browser.GetAsync(Answer("s2"), Cancelled);
        using var posted = await browser.PostAsync(Answer("s1"), null, Cancelled);
        using var elsewhere = await browser.GetAsync(new Uri(callback.Url, "/?code=c&state=s1"), Cancelled);
        Assert.False(received.IsCompleted);
        using var expected = await browser.GetAsync(Answer("s1"), Cancelled);
        using var again = await browser.GetAsync(Answer("s1"), Cancelled);

        Assert.Equal("c", (await received)["code"]);
        Assert.Equal(
            [400, 400, 400, 400, 200, 400],
            new[] { early, forged, posted, elsewhere, expected, again }.Select(static response => (int)response.StatusCode));

        Uri Answer(string state) => new(callback.Url, $"?code=c&state={state}");
    }

    private async Task<List<Finding>> ExamineAsync(Uri server, ISignIn? signIn = null)
    {
        var endpoint = new Uri(server, "mcp");
        using var context = new CheckContext(
            endpoint, trust: Emulator.Trust, origins: new OriginPolicy(endpoint, [Emulator.Addresses.Entra]));
        return await DoctorTests.ExamineAsync(context, signIn);
    }

    private static async Task VisitAsync(BrowserDriver browser, Uri page, string decision) =>
        await browser.SubmitAsync(await browser.GoAsync(page), decision);

    private static string Detail(List<Finding> findings, string check, Verdict verdict)
    {
        var finding = Assert.Single(findings, finding => finding.Check == check);
        Assert.True(verdict == finding.Verdict, finding.ToString());
        return finding.Detail;
    }
}
