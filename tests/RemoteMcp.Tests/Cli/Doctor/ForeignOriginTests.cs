using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using RemoteMcp.Cli.Doctor;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Cli.Doctor;

/// <summary>
/// Tests that <c>remote-mcp doctor</c> sends nothing to servers that the checked server names, unless the user allows it.
/// </summary>
public sealed class ForeignOriginTests : IAsyncLifetime
{
    private const string Token = "secret-token";

    private readonly ConcurrentQueue<string> _received = new();
    private WebApplication _other = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private Uri Other => new(_other.Urls.Single());

    public async ValueTask InitializeAsync() => _other = await LocalServer.StartAsync(
        context =>
        {
            _received.Enqueue($"{context.Request.Path} {context.Request.Headers.Authorization}".TrimEnd());
            return context.Response.WriteAsJsonAsync(new
            {
                resource = "https://a.example/mcp",
                authorization_servers = (string[])[Other + "t/v2.0"],
                authorization_endpoint = Other + "authorize",
            });
        },
        Cancelled);

    public ValueTask DisposeAsync() => _other.DisposeAsync();

    [Fact]
    public async Task Message_endpoint_at_another_server_gets_no_request()
    {
        await using var server = await StartAsync();

        var findings = await ExamineAsync(server, Policy(server), Token);

        var finding = findings.Single(static finding => finding.Check == "HTTP+SSE");
        Assert.Equal(Verdict.Bad, finding.Verdict);
        Assert.Empty(_received);
    }

    [Fact]
    public async Task Allowed_server_gets_requests_without_the_token()
    {
        await using var server = await StartAsync();

        await ExamineAsync(server, Policy(server, Other), Token);

        Assert.Contains("/messages", _received);
        Assert.Contains("/metadata", _received);
        Assert.DoesNotContain(_received, static request => request.Contains(Token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Resource_metadata_of_another_server_is_not_read()
    {
        await using var server = await StartAsync();

        var finding = (await ExamineAsync(server, Policy(server))).Single(static finding => finding.Check == "Metadata");

        Assert.Equal(Verdict.Bad, finding.Verdict);
        Assert.Contains(
            $"{OriginPolicy.NameOf(Other)}, for its resource metadata. Nothing was sent", finding.Detail, StringComparison.Ordinal);
        Assert.Contains($"--allow-origin {OriginPolicy.NameOf(Other)}", finding.Remedy, StringComparison.Ordinal);
        Assert.Empty(_received);
    }

    [Fact]
    public async Task Issuer_of_another_server_is_shown_and_not_used()
    {
        await using var server = await StartAsync(ownMetadata: true);

        var findings = await ExamineAsync(
            server, Policy(server), signIn: new DirectSignIn("client", null, Browser: false, TextWriter.Null));

        Assert.Contains(
            $"Its issuer is {Other}t/v2.0",
            findings.Single(static finding => finding.Check == "Metadata").Detail,
            StringComparison.Ordinal);
        var finding = findings.Single(static finding => finding.Check == "Sign-in (Entra ID)");
        Assert.Equal(Verdict.Skipped, finding.Verdict);
        Assert.Contains($"--allow-origin {OriginPolicy.NameOf(Other)}", finding.Remedy, StringComparison.Ordinal);
        Assert.Equal(Verdict.Skipped, findings.Single(static finding => finding.Check == "Token").Verdict);
        Assert.Empty(_received);
    }

    [Fact]
    public async Task Page_of_another_server_behind_the_sign_in_is_not_read()
    {
        await using var server = await OwnSignInServer.StartAsync(
            OwnSignInServer.With(target: "https://login.contoso.example/t/oauth2/v2.0/authorize"), Cancelled);
        using var context = server.CreateContext();

        var findings = await DoctorTests.ExamineAsync(context);

        var finding = findings.Single(static finding => finding.Check == "Sign-in (Entra ID)");
        Assert.Equal(Verdict.Skipped, finding.Verdict);
        Assert.Contains("--allow-origin https://login.contoso.example", finding.Remedy, StringComparison.Ordinal);
        Assert.Null(context.EntraIssuer);
    }

    [Theory]
    [InlineData("https://tools.contoso.com/other", true)]
    [InlineData("https://TOOLS.contoso.com:443/", true)]
    [InlineData("https://login.microsoftonline.com/t/v2.0", true)]
    [InlineData("https://login.microsoftonline.us/t/v2.0", true)]
    [InlineData("https://allowed.contoso.com:8443/x", true)]
    [InlineData("https://allowed.contoso.com/x", false)]
    [InlineData("http://tools.contoso.com/mcp", false)]
    [InlineData("https://tools.contoso.com:8443/mcp", false)]
    [InlineData("https://tools.contoso.com.evil.example/mcp", false)]
    [InlineData("https://me@tools.contoso.com/mcp", false)]
    [InlineData("https://me@login.microsoftonline.com/t", false)]
    [InlineData("http://login.microsoftonline.com/t", false)]
    [InlineData("https://login.microsoftonline.com:8443/t", false)]
    [InlineData("https://login.microsoftonline.com.evil.example/t", false)]
    [InlineData("https://evil.login.microsoftonline.com/t", false)]
    [InlineData("https://169.254.169.254/metadata", false)]
    [InlineData("file:///etc/passwd", false)]
    public void Only_the_own_origin_Microsoft_and_allowed_origins_need_no_question(string url, bool allowed)
    {
        var policy = new OriginPolicy(new Uri("https://tools.contoso.com/mcp"), [new Uri("https://allowed.contoso.com:8443/")]);

        Assert.Equal(allowed, policy.IsAllowed(new Uri(url)));
    }

    [Theory]
    [InlineData("https://login.contoso.com/t", true)]
    [InlineData("https://xn--lgin-6qa.contoso.com/t", true)]
    [InlineData("http://login.contoso.com/t", false)]
    [InlineData("https://localhost:8443/t", false)]
    [InlineData("https://intranet/t", false)]
    [InlineData("https://127.0.0.1/t", false)]
    [InlineData("https://10.0.0.1/t", false)]
    [InlineData("https://[fe80::1]/t", false)]
    [InlineData("https://me@login.contoso.com/t", false)]
    [InlineData("javascript:alert(1)", false)]
    public async Task User_is_asked_only_about_a_public_name_with_https(string url, bool asked)
    {
        var questions = new List<string>();
        var policy = new OriginPolicy(new Uri("https://tools.contoso.com/mcp"), ask: (question, _) =>
        {
            questions.Add(question);
            return Task.FromResult(true);
        });

        var problem = await policy.FindProblemAsync(new Uri(url), "the sign-in", Cancelled);
        await policy.FindProblemAsync(new Uri(url), "the sign-in", Cancelled);

        Assert.Equal(asked, problem is null);
        Assert.Equal(asked ? 1 : 0, questions.Count);
        Assert.Equal(asked, policy.IsAllowed(new Uri(url)));
    }

    [Fact]
    public async Task Answer_no_allows_nothing()
    {
        var policy = new OriginPolicy(new Uri("https://tools.contoso.com/mcp"), ask: static (_, _) => Task.FromResult(false));

        Assert.NotNull(await policy.FindProblemAsync(new Uri("https://login.contoso.com"), "the sign-in", Cancelled));
        Assert.False(policy.IsAllowed(new Uri("https://login.contoso.com")));
    }

    [Fact]
    public async Task Sign_in_shows_issuer_scope_and_receiver_and_can_be_declined()
    {
        var endpoint = new Uri("https://tools.contoso.com/mcp");
        var questions = new List<string>();
        using var context = new CheckContext(endpoint, origins: new OriginPolicy(endpoint, ask: (question, _) =>
        {
            questions.Add(question);
            return Task.FromResult(false);
        }));
        (context.Scope, context.EntraIssuer) = ("api://payroll/Pay.All", new Uri("https://login.microsoftonline.com/t/v2.0"));
        var terminal = new StringWriter();

        await Assert.ThrowsAsync<SignInFailedException>(
            async () => await new DirectSignIn("client", null, Browser: true, terminal).GetTokenAsync(context, Cancelled));

        Assert.Equal(
            "You sign in at https://login.microsoftonline.com/t/v2.0. The token is for api://payroll/Pay.All, "
                + "and is sent to https://tools.contoso.com.",
            terminal.ToString().Trim());
        Assert.Single(questions);
    }

    [Fact]
    public async Task Browser_is_not_opened_when_nobody_can_confirm_the_sign_in()
    {
        using var context = new CheckContext(new Uri("https://tools.contoso.com/mcp"));
        (context.Scope, context.EntraIssuer) = ("api://payroll/Pay.All", new Uri("https://login.microsoftonline.com/t/v2.0"));

        var failure = await Assert.ThrowsAsync<SignInFailedException>(
            async () => await new DirectSignIn("client", null, Browser: true, TextWriter.Null).GetTokenAsync(context, Cancelled));

        Assert.Equal("Nobody confirmed the sign-in.", failure.Message);
    }

    [Fact]
    public void Code_message_contains_no_text_that_controls_the_terminal()
    {
        var message = DirectSignIn.Describe(new Uri("https://login.example/device"), "\u001b[2JAB\u202eCD\n" + new string('x', 10_000));

        Assert.DoesNotContain(message, char.IsControl);
        Assert.DoesNotContain('\u202e', message);
        Assert.InRange(message.Length, 1, 1000);
        Assert.Contains("https://login.example/device", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_contains_no_text_that_controls_the_terminal()
    {
        var finding = new Finding(Verdict.Good, "Tools", "a\u001b]0;x\u0007\r\nb" + new string('x', 10_000), "\u009b31m\u202e");

        Assert.DoesNotContain(finding.Detail + finding.Remedy, char.IsControl);
        Assert.DoesNotContain('\u202e', finding.Remedy!);
        Assert.InRange(finding.Detail.Length, 1, 4000);
    }

    private static OriginPolicy Policy(WebApplication server, params Uri[] allowed) => new(EndpointOf(server), allowed);

    private static Uri EndpointOf(WebApplication server) => new(server.Urls.Single() + "/mcp");

    private static async Task<List<Finding>> ExamineAsync(
        WebApplication server, OriginPolicy policy, string? token = null, ISignIn? signIn = null)
    {
        using var context = new CheckContext(EndpointOf(server), origins: policy) { GivenToken = token };
        return await DoctorTests.ExamineAsync(context, signIn);
    }

    // A server that requires a token, and that refers to the other server wherever it can.
    private Task<WebApplication> StartAsync(bool ownMetadata = false) => LocalServer.StartAsync(
        async context =>
        {
            var (request, response) = (context.Request, context.Response);
            switch (request.Path.Value)
            {
                case "/mcp" when request.Headers.Authorization.Count == 0:
                    response.StatusCode = 401;
                    var metadata = ownMetadata ? $"http://{request.Host}/metadata" : Other + "metadata";
                    response.Headers.WWWAuthenticate = $"Bearer resource_metadata=\"{metadata}\", scope=\"api://x/Mcp.Use\"";
                    break;
                case "/mcp/sse":
                    response.ContentType = "text/event-stream";
                    await response.WriteAsync($"event: endpoint\ndata: {Other}messages\n\n", context.RequestAborted);
                    await response.Body.FlushAsync(context.RequestAborted);
                    break;
                case "/metadata":
                    await response.WriteAsJsonAsync(new
                    {
                        resource = $"http://{request.Host}/mcp",
                        authorization_servers = (string[])[Other + "t/v2.0"],
                    });
                    break;
                default:
                    await response.WriteAsync("ok", context.RequestAborted);
                    break;
            }
        },
        Cancelled);
}
