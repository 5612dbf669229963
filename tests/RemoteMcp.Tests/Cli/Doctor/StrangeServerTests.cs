using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Cli.Doctor;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Cli.Doctor;

/// <summary>
/// Tests <c>remote-mcp doctor</c> with broken, hostile, and unrelated servers. Each must lead to a finding with a remedy.
/// </summary>
public sealed class StrangeServerTests
{
    private static readonly Dictionary<string, (string Check, string Says, Func<HttpContext, Task> Serve)> s_servers = new()
    {
        ["redirects to a sign-in page"] = (
            "Sign-in", "redirects", static context => Answer(context, 302, headers: ("Location", "https://login.example/"))),
        ["has nothing at the path"] = ("Sign-in", "no MCP endpoint", static context => Answer(context, 404)),
        ["fails"] = ("Sign-in", "HTTP 500", static context => Answer(context, 500, "boom")),
        ["responds 401 without a challenge"] = ("Challenge", "without a Bearer challenge", static context => Answer(context, 401)),
        ["responds 401 with another scheme"] = (
            "Challenge", "without a Bearer challenge", static context => Answer(context, 401, headers: ("WWW-Authenticate", "Negotiate"))),
        ["responds 401 without metadata"] = (
            "Challenge",
            "no resource_metadata",
            static context => Answer(context, 401, headers: ("WWW-Authenticate", "Bearer scope=\"api://x/Mcp.Use\""))),
        ["has a metadata URL with the scheme file"] = (
            "Challenge",
            "no resource_metadata",
            static context => Answer(context, 401, headers: ("WWW-Authenticate", "Bearer resource_metadata=\"file:///etc/passwd\""))),
        ["has no scope in the challenge"] = ("Challenge", "no scope", static context => Challenge(context, "{}", scope: null)),
        ["has metadata that is not JSON"] = ("Metadata", "cannot be read", static context => Challenge(context, "<html>")),
        ["has metadata that is a list"] = ("Metadata", "cannot be read", static context => Challenge(context, "[]")),
        ["has metadata without a resource"] = (
            "Metadata",
            "cannot be read",
            static context => Challenge(context, """{"authorization_servers":["https://login.example/t/v2.0"]}""")),
        ["has metadata without authorization servers"] = (
            "Metadata",
            "cannot be read",
            static context => Challenge(context, """{"resource":"https://a.example/mcp","authorization_servers":[]}""")),
        ["has metadata of another resource"] = (
            "Metadata",
            "Clients refuse this",
            static context => Challenge(
                context, """{"resource":"https://a.example/mcp","authorization_servers":["https://127.0.0.1:1/t/v2.0"]}""")),
        ["has metadata with a number as the resource"] = (
            "Metadata",
            "cannot be read",
            static context => Challenge(context, """{"resource":1,"authorization_servers":["https://127.0.0.1:1/t/v2.0"]}""")),
        ["has endless metadata"] = (
            "Metadata", "cannot be read", static context => Challenge(context, "[" + new string(' ', 2 * 1024 * 1024))),
        ["has metadata that ends early"] = ("Metadata", "cannot be read", static async context =>
        {
            if (context.Request.Path != "/metadata")
            {
                await Challenge(context, "");
                return;
            }

            context.Response.ContentType = "application/json";
            context.Response.ContentLength = 500;
            await context.Response.WriteAsync("{\"resource");
            await context.Response.Body.FlushAsync();
            context.Abort();
        }
        ),
        ["requests a token for another API"] = ("Token", "another API", static context => Challenge(
            context,
            """{"resource":"https://a.example/mcp","authorization_servers":["https://127.0.0.1:1/t/v2.0"]}""",
            "https://graph.microsoft.com/Mail.Read")),
        ["has an issuer that is a file"] = (
            "Sign-in (Entra ID)",
            "must be an https URL",
            static context => Challenge(context, """{"resource":"https://a.example/mcp","authorization_servers":["file:///etc"]}""")),
        ["closes the connection of a POST"] = ("Sign-in", "does not answer a POST", static context =>
        {
            if (HttpMethods.IsPost(context.Request.Method))
            {
                context.Abort();
                return Task.CompletedTask;
            }

            return Answer(context, 200);
        }
        ),
        ["does not support MCP"] = ("MCP 2026-07-28", "", static context => Answer(context, 200, "hello")),
    };

    public static TheoryData<string> Servers => [.. s_servers.Keys];

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Strange_server_gets_a_finding_with_a_remedy(string server)
    {
        var (check, says, serve) = s_servers[server];
        await using var app = await StartAsync(serve);

        var endpoint = new Uri(app.Urls.Single() + "/mcp");
        using var checkContext = new CheckContext(
            endpoint, origins: new OriginPolicy(endpoint, [new Uri("https://127.0.0.1:1")]));

        var findings = await DoctorTests.ExamineAsync(checkContext, new DirectSignIn("client", null, Browser: false, TextWriter.Null));

        var finding = Assert.Single(findings, finding => finding.Check == check);
        Assert.NotEqual(Verdict.Good, finding.Verdict);
        Assert.Contains(says, finding.Detail, StringComparison.Ordinal);
        Assert.NotNull(finding.Remedy);
        Assert.False(
            checkContext.IsUnreachable && finding != findings[^1], "The server does not respond, but other checks ran after this finding.");
        Assert.All(findings, static finding => Assert.DoesNotContain(finding.Detail, char.IsControl));
    }

    [Fact]
    public async Task Server_text_cannot_move_the_cursor_or_break_a_line()
    {
        await using var app = await StartAsync(static context => Answer(context, 503, "\u001b[2J\nok    TLS  fine\r\n\u202egood"));

        var findings = await DoctorTests.ExamineAsync(new Uri(app.Urls.Single() + "/mcp"));

        Assert.All(
            findings,
            static finding => Assert.DoesNotContain(
                finding.Detail, static c => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format));
    }

    [Fact]
    public async Task A_token_is_not_sent_over_http_to_another_machine()
    {
        var authorized = false;
        await using var app = await StartAsync(context =>
        {
            authorized |= context.Request.Headers.Authorization.Count > 0;
            return Challenge(context, """{"resource":"https://a.example/mcp","authorization_servers":["https://127.0.0.1:1/t/v2.0"]}""");
        });
        using var checkContext = new CheckContext(new Uri("http://192.0.2.1/mcp"), async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, new Uri(app.Urls.Single()).Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        })
        {
            GivenToken = "secret",
        };

        var findings = await DoctorTests.ExamineAsync(checkContext);

        Assert.Contains("over http", Assert.Single(findings, static finding => finding.Check == "Token").Detail, StringComparison.Ordinal);
        Assert.False(authorized);
    }

    [Fact]
    public async Task Silent_streams_end_at_the_time_limit_of_the_check()
    {
        var time = new FakeTimeProvider();
        await using var app = await StartAsync(async context =>
        {
            if (!HttpMethods.IsPost(context.Request.Method))
            {
                await Answer(context, context.Request.Path == "/mcp/sse" ? 404 : 200);
                return;
            }

            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync(context.RequestAborted);
            var gone = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(gone.SetResult);
            time.Advance(TimeSpan.FromSeconds(31));
            await gone.Task;
        });
        using var checkContext = new CheckContext(new Uri(app.Urls.Single() + "/mcp"));

        var findings = await DoctorTests.ExamineAsync(checkContext, time: time);

        Assert.Contains(
            "did not finish within 30 s",
            Assert.Single(findings, static finding => finding.Check == "Latency").Detail,
            StringComparison.Ordinal);
        Assert.Equal("Tools", findings[^1].Check);
    }

    [Fact]
    public async Task Event_without_an_end_stops_the_check_in_bounded_memory()
    {
        var sent = 0L;
        await using var app = await StartAsync(async context =>
        {
            if (context.Request.Path != "/mcp/sse")
            {
                await Answer(context, 200);
                return;
            }

            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: ");
            for (var chunk = new byte[1024 * 1024]; !context.RequestAborted.IsCancellationRequested; sent += chunk.Length)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
                // After the client has left, writes complete at once, and would keep the thread from noticing that.
                await Task.Yield();
            }
        });

        var findings = await DoctorTests.ExamineAsync(new Uri(app.Urls.Single() + "/mcp"));

        Assert.Equal(Verdict.Bad, findings.Single(static finding => finding.Check == "HTTP+SSE").Verdict);
        Assert.InRange(sent, 1, 64 * 1024 * 1024);
    }

    private static Task<WebApplication> StartAsync(Func<HttpContext, Task> serve) =>
        LocalServer.StartAsync(context => serve(context), TestContext.Current.CancellationToken);

    private static Task Answer(HttpContext context, int status, string body = "", params (string Name, string Value)[] headers)
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        return context.Response.WriteAsync(body);
    }

    private static Task Challenge(
        HttpContext context, string metadata, string? scope = "api://x/Mcp.Use") => context.Request.Path.Value switch
        {
            "/metadata" => Answer(context, 200, metadata, ("Content-Type", "application/json")),
            "/mcp" => Answer(
                context,
                401,
                headers: (
                    "WWW-Authenticate",
                    $"Bearer resource_metadata=\"http://{context.Request.Host}/metadata\"{(scope is null ? "" : $", scope=\"{scope}\"")}")),
            _ => Answer(context, 200),
        };
}
