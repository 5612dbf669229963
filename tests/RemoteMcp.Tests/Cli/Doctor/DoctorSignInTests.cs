using Azure.Core;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Cli.Doctor;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Tests.Auth;
using Xunit;

namespace RemoteMcp.Tests.Cli.Doctor;

/// <summary>Tests <c>remote-mcp doctor</c> with a server whose clients sign in at Entra ID directly.</summary>
public sealed class DoctorSignInTests : EmulatedSignIn
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["RemoteMcp:Auth:SignIn"] = "Direct",
    };

    [Fact]
    public async Task Doctor_without_a_token_checks_the_challenge_and_the_metadata()
    {
        var endpoint = new Uri(Server.Url, "mcp");
        using var context = new CheckContext(endpoint, origins: new OriginPolicy(endpoint, [Emulator.Addresses.Entra]));

        var findings = await DoctorTests.ExamineAsync(context);

        Assert.Contains(SampleDirectory.ServerUri + "/Mcp.Use", Detail(findings, "Challenge", Verdict.Good), StringComparison.Ordinal);
        Assert.Contains(
            Emulator.Addresses.IssuerV2(SampleDirectory.ContosoId), Detail(findings, "Metadata", Verdict.Good), StringComparison.Ordinal);
        Assert.DoesNotContain(findings, static finding => finding.Check == "Sign-in (this server)");
        // This process does not trust the emulator's certificate.
        Assert.Contains(
            ".well-known/openid-configuration", Detail(findings, "Sign-in (Entra ID)", Verdict.Bad), StringComparison.Ordinal);
        Detail(findings, "Token", Verdict.Skipped);
        Detail(findings, "Protocol", Verdict.Skipped);
    }

    [Fact]
    public async Task Report_says_that_clients_need_a_client_id()
    {
        var endpoint = new Uri(Server.Url, "mcp");
        using var context = new CheckContext(
            endpoint, trust: Emulator.Trust, origins: new OriginPolicy(endpoint, [Emulator.Addresses.Entra]));

        var findings = await DoctorTests.ExamineAsync(context);

        Assert.Contains("needs a client id", Detail(findings, "Sign-in (Entra ID)", Verdict.Good), StringComparison.Ordinal);
        Assert.Contains("--client-id", findings.Single(static each => each.Check == "Token").Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Browser_without_a_client_id_is_not_opened()
    {
        using var context = new CheckContext(new Uri(Server.Url, "mcp"), trust: Emulator.Trust);

        var findings = await DoctorTests.ExamineAsync(
            context, new ServerSignIn(static page => throw new InvalidOperationException(page.ToString()), TextWriter.Null));

        Assert.Contains("does not sign clients in itself", Detail(findings, "Token", Verdict.Skipped), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_with_a_token_runs_every_check()
    {
        var findings = await DoctorTests.ExamineAsync(new Uri(Server.Url, "mcp"), Token());

        Detail(findings, "Token", Verdict.Good);
        Detail(findings, "MCP 2026-07-28", Verdict.Good);
        Detail(findings, "MCP 2025-11-25", Verdict.Good);
        Detail(findings, "HTTP+SSE", Verdict.Good);
        Assert.Contains("echo", Detail(findings, "Tools", Verdict.Good), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_token_of_another_API_is_reported_with_the_servers_message()
    {
        var findings = await DoctorTests.ExamineAsync(new Uri(Server.Url, "mcp"), Token(("aud", MicrosoftApplications.GraphId)));

        Assert.Contains(
            "The server refuses it: Unauthorized: the access token is invalid or expired, or it is not for this server.",
            Detail(findings, "Token", Verdict.Bad),
            StringComparison.Ordinal);
        Detail(findings, "Protocol", Verdict.Skipped);
    }

    [Theory]
    [InlineData("two\nlines")]
    [InlineData("a\rb")]
    [InlineData("tökén")]
    [InlineData("")]
    public async Task Invalid_token_text_is_not_sent(string token)
    {
        var findings = await DoctorTests.ExamineAsync(new Uri(Server.Url, "mcp"), token);

        Detail(findings, "Token", Verdict.Bad);
        Detail(findings, "Protocol", Verdict.Skipped);
    }

    [Fact]
    public async Task Sign_in_wait_ends_after_five_minutes()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);

        var findings = await DoctorTests.ExamineAsync(new Uri(Server.Url, "mcp"), signIn: new NobodySignsIn(time), time: time);

        Assert.Contains("within 5 minutes", Detail(findings, "Token", Verdict.Bad), StringComparison.Ordinal);
    }

    private static string Detail(List<Finding> findings, string check, Verdict verdict)
    {
        var finding = Assert.Single(findings, finding => finding.Check == check);
        Assert.True(verdict == finding.Verdict, finding.ToString());
        return finding.Detail;
    }

    private sealed class NobodySignsIn(FakeTimeProvider time) : ISignIn
    {
        public (Verdict Verdict, string Problem, string Remedy)? FindProblem(CheckContext context) => null;

        public async ValueTask<AccessToken> GetTokenAsync(CheckContext context, CancellationToken cancellationToken)
        {
            time.Advance(TokenCheck.SignInTimeout);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return default;
        }
    }
}
