using System.Text.Json.Nodes;
using RemoteMcp.Cli.Doctor;
using Xunit;

namespace RemoteMcp.Tests.Cli.Doctor;

/// <summary>Tests the checks of <c>remote-mcp doctor</c> of servers whose own sign-in is broken or hostile.</summary>
public sealed class OwnSignInCheckTests
{
    private const string Own = "Sign-in (this server)";
    private const string Entra = "Sign-in (Entra ID)";
    private const string RedirectMismatch =
        "AADSTS50011: The redirect URI &#39;https://tools.example/oauth/callback&#39; specified in the request does not match. Navigate";

    private static readonly Dictionary<string, (string Check, string Says, string Remedy, Func<OwnSignInServer> Create)> s_servers = new()
    {
        ["has no metadata"] = (Own, "cannot be read", "gateway", static () => Metadata(static json => json.Clear())),
        ["has a list as metadata of an endpoint"] = (
            Own, "cannot be read", "gateway", static () => Metadata(static json => json["token_endpoint"] = new JsonArray())),
        ["has no issuer"] = (Own, "RFC 8414", "PublicUrl", static () => Metadata(static json => json["issuer"] = null)),
        ["has another issuer"] = (Own, "RFC 8414", "PublicUrl", static () => Metadata(
            static json => json["issuer"] = (string?)json["issuer"] + "/")),
        ["authorizes on another host"] = (Own, "another server", "Do not sign in", static () => Metadata(
            static json => json["authorization_endpoint"] = "https://evil.example/oauth/authorize")),
        ["issues tokens on another port"] = (Own, "another server", "Do not sign in", static () => Metadata(
            static json => json["token_endpoint"] = "http://127.0.0.1:1/oauth/token")),
        ["registers at a file"] = (Own, "another server", "Do not sign in", static () => Metadata(
            static json => json["registration_endpoint"] = "file:///etc/passwd")),
        ["allows plain challenges"] = (Own, "S256, plain", "current version", static () => Metadata(
            static json => json["code_challenge_methods_supported"] = new JsonArray("S256", "plain"))),
        ["has no challenges"] = (Own, "only S256", "current version", static () => Metadata(
            static json => json.Remove("code_challenge_methods_supported"))),
        ["requires a secret"] = (Own, "without a secret", "current version", static () => Metadata(
            static json => json["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post"))),
        ["does not name the issuer in responses"] = (Own, "RFC 9207", "current version", static () => Metadata(
            static json => json["authorization_response_iss_parameter_supported"] = "yes")),
        ["does not read metadata documents"] = (Own, "(Claude, ChatGPT, VS Code): no.", "current version", static () => Metadata(
            static json => json["client_id_metadata_document_supported"] = false)),
        ["does not register clients"] = (Own, "(Cursor, mcp-remote, Inspector): no.", "registration_endpoint", static () => Metadata(
            static json => json.Remove("registration_endpoint"))),
        ["refuses the registration"] = (Own, "HTTP 400: {\"error\":\"x\"}", "log", static () => OwnSignInServer.With(
            registration: (400, """{"error":"x"}"""))),
        ["registers a client without a client id"] = (Own, "cannot start", "log", static () => OwnSignInServer.With(
            registration: (201, "{}"))),
        ["registers with a page"] = (Own, "cannot start", "log", static () => OwnSignInServer.With(registration: (201, "<html>"))),
        ["shows a page of its own"] = (Own, "HTTP 200", "log", static () => OwnSignInServer.With(target: null)),
        ["refuses the client"] = (Own, "invalid_request: no good", "log", static () => OwnSignInServer.With(
            target: "http://127.0.0.1/callback?error=invalid_request&error_description=no%20good&state=doctor")),
        ["redirects to another page"] = (Own, "http://169.254.169.254/latest", "Instance", static () => OwnSignInServer.With(
            target: "http://169.254.169.254/latest")),
        ["redirects to a page of Entra ID over http"] = (Own, "not Entra ID", "Instance", static () => OwnSignInServer.With(
            target: "http://login.example/t/oauth2/v2.0/authorize")),
        ["redirects to a script"] = (Own, "not Entra ID", "Instance", static () => OwnSignInServer.With(target: "javascript:alert(1)")),
        ["has an unregistered redirect URI"] = (
            Entra,
            "AADSTS50011: The redirect URI 'https://tools.example/oauth/callback' specified in the request does not match.",
            "Add https://tools.example/oauth/callback to the server's app registration, as a redirect URI of the platform Web.",
            static () => OwnSignInServer.With(page: $"<p>{RedirectMismatch}</p>")),
        ["has an unknown client id"] = (Entra, "AADSTS700016", "RemoteMcp:Auth:ClientId", static () => OwnSignInServer.With(
            page: "{\"strServiceExceptionMessage\":\"AADSTS700016: Application with identifier 'x' was not found. Trace ID: 1\"}")),
        ["has an unknown scope"] = (Entra, "AADSTS650053", "Expose an API", static () => OwnSignInServer.With(
            error: "AADSTS650053: The application asked for scope 'Mcp.Use' that doesn't exist. Trace ID: 1")),
        ["has another problem"] = (Entra, "refuses the server: AADSTS90099", "docs/identity.md", static () => OwnSignInServer.With(
            page: "AADSTS90099: \u001b[2J\u202eno sentence")),
        ["has an endless page of Entra ID"] = (Entra, "cannot be read", "reach the sign-in service", static () => OwnSignInServer.With(
            page: new string(' ', 2 * 1024 * 1024))),
    };

    public static TheoryData<string> Servers => [.. s_servers.Keys];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Problem_of_the_sign_in_is_reported_with_its_remedy(string name)
    {
        var (check, says, remedy, create) = s_servers[name];
        await using var server = await OwnSignInServer.StartAsync(create(), Cancelled);
        using var context = server.CreateContext();

        var findings = await DoctorTests.ExamineAsync(context, new ServerSignIn(NeverOpens, TextWriter.Null));

        var finding = Assert.Single(findings, finding => finding.Check == check);
        Assert.True(finding.Verdict is Verdict.Bad or Verdict.Warning, finding.ToString());
        Assert.Contains(says, finding.Detail, StringComparison.Ordinal);
        Assert.Contains(remedy, finding.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("Trace ID", finding.Detail, StringComparison.Ordinal);
        Assert.All(findings, static finding => Assert.DoesNotContain(finding.Detail + finding.Remedy, char.IsControl));
        if (finding.Verdict == Verdict.Bad)
        {
            Assert.Equal(Verdict.Skipped, findings.Single(static each => each.Check == "Token").Verdict);
        }
    }

    [Fact]
    public async Task Working_sign_in_names_the_clients_and_the_next_step()
    {
        await using var server = await OwnSignInServer.StartAsync(Cancelled);
        using var context = server.CreateContext();

        var findings = await DoctorTests.ExamineAsync(context);

        Assert.Equal(
            "Clients sign in with the URL alone. Clients with a metadata document (Claude, ChatGPT, VS Code): yes. "
                + "Clients that register (Cursor, mcp-remote, Inspector): yes.",
            findings.Single(static each => each.Check == Own).Detail);
        Assert.EndsWith(
            "Clients with a client id of Entra ID: with a token that Entra ID issued for api://x.",
            findings.Single(static each => each.Check == Entra).Detail,
            StringComparison.Ordinal);
        Assert.Contains("use --browser", findings.Single(static each => each.Check == "Token").Remedy, StringComparison.Ordinal);
    }

    /// <summary>A hostile server can change its metadata between the checks and the sign-in.</summary>
    [Theory]
    [InlineData("authorization_endpoint", "/oauth/authorize")]
    [InlineData("authorization_endpoint", "file:///etc/passwd")]
    [InlineData("registration_endpoint", "/oauth/register")]
    public async Task Metadata_that_changes_after_the_checks_reaches_no_other_server(string endpoint, string target)
    {
        await using var other = await OwnSignInServer.StartAsync(Cancelled);
        var elsewhere = new Uri(other.Origin, target).ToString();
        await using var server = await OwnSignInServer.StartAsync(
            OwnSignInServer.With(metadata: (json, reads) => json[endpoint] = reads > 1 ? elsewhere : json[endpoint]!.DeepClone()),
            Cancelled);
        using var context = server.CreateContext();

        var findings = await DoctorTests.ExamineAsync(context, new ServerSignIn(NeverOpens, TextWriter.Null));

        Assert.Equal(Verdict.Bad, findings.Single(static each => each.Check == "Token").Verdict);
        Assert.True(server.MetadataReads > 1);
        Assert.Equal(0, other.Requests);
    }

    [Fact]
    public void Only_a_web_page_is_opened_in_the_browser() =>
        Assert.Throws<ArgumentException>(static () => DefaultBrowser.TryOpen(new Uri("file:///etc/passwd")));

    private static OwnSignInServer Metadata(Action<JsonObject> change) => OwnSignInServer.With(metadata: (json, _) => change(json));

    private static bool NeverOpens(Uri page) => throw new InvalidOperationException($"The browser opened {page}.");
}
