using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Auth.Permissions;
using Xunit;

namespace RemoteMcp.Tests.Observability;

/// <summary>Tests that every act and every refusal has one line in the audit log, with the caller and without arguments.</summary>
public sealed class AuditedActTests : GuardedServer
{
    private readonly CapturedLog _log = new();

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["RemoteMcp:Limits:RequestsPerMinute"] = "3",
    };

    private string Adele => $"{SampleDirectory.ContosoId}/{Sample.Adele.ObjectId} through {SampleDirectory.DesktopClientId}";

    // method, params, beginning of the line
    public static TheoryData<string, string, string, string> Acts => new()
    {
        { "tools/call", "\"name\":\"read_notes\"", "Tool read_notes called by", "ok" },
        { "tools/call", "\"name\":\"no_such\"", "Tool (unknown:no_such) called by", "failed" },
        { "prompts/get", "\"name\":\"greeting\",\"arguments\":{\"words\":\"hello\"}", "Prompt greeting requested by", "ok" },
        { "prompts/get", "\"name\":\"no_such\"", "Prompt (unknown:no_such) requested by", "failed" },
        { "resources/read", "\"uri\":\"notes://public\"", "Resource notes://public read by", "ok" },
        {
            "completion/complete",
            "\"ref\":{\"type\":\"ref/prompt\",\"name\":\"greeting\"},\"argument\":{\"name\":\"words\",\"value\":\"h\"}",
            "Completion of greeting requested by", "ok"
        },
        { "resources/read", "\"uri\":\"nowhere://confidential\"", "Resource (unknown) read by", "failed" },
    };

    [Theory, MemberData(nameof(Acts))]
    public async Task Act_has_one_line_with_caller_item_and_outcome(string method, string parameters, string begin, string outcome)
    {
        using var response = await SendAsync(Stateless(method, parameters), Token());
        await response.Content.ReadAsStringAsync(Cancelled);

        var line = await LineAsync();
        Assert.StartsWith($"{begin} {Adele}: {outcome} in ", line, StringComparison.Ordinal);
        Assert.DoesNotContain(_log.Shown, static entry => entry.All.Contains("confidential", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Subscription_has_one_line()
    {
        var session = await BeginSessionAsync(Token());

        using var response = await SendAsync(
            Messages.Post(Request("resources/subscribe", "\"uri\":\"notes://public\""), session), Token());
        await response.Content.ReadAsStringAsync(Cancelled);

        Assert.StartsWith($"Resource notes://public subscribed by {Adele}: ", await LineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listening_has_one_line()
    {
        using (var response = await SendAsync(Stateless("subscriptions/listen", "\"notifications\":{\"toolsListChanged\":true}"), Token()))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.StartsWith($"Notifications listened to by {Adele}: ", await LineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_without_a_token_has_one_line()
    {
        using var response = await SendAsync(Messages.PostStateless(Messages.StatelessListTools));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.StartsWith(
            "Request POST /mcp refused for unknown/unknown through unknown: 401 no token in ", await LineAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("expired", "expired (IDX10223)")]
    [InlineData("for another audience", "another audience (IDX10214)")]
    [InlineData("changed", "invalid signature (IDX10511)")]
    [InlineData("no token at all", "malformed (IDX14100)")]
    [InlineData("without oid", "The token does not identify the caller. It needs the claims oid and sub.")]
    public async Task Invalid_token_has_one_line_with_the_class_of_the_problem(string token, string problem)
    {
        using var response = await SendAsync(Messages.PostStateless(Messages.StatelessListTools), token switch
        {
            "expired" => Token(("nbf", 1_700_000_000), ("exp", 1_700_003_600)),
            "for another audience" => Token(("aud", "api://another")),
            "without oid" => Token(("oid", null)),
            "changed" => Token()[..^8] + "AAAAAAAA",
            _ => "confidential",
        });

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.StartsWith(
            $"Request POST /mcp refused for unknown/unknown through unknown: 401 invalid token: {problem} in ",
            await LineAsync(),
            StringComparison.Ordinal);
        Assert.DoesNotContain(_log.Entries, static entry =>
            entry.Category.Contains("IdentityModel", StringComparison.Ordinal)
            || entry.Category.Contains("JwtBearer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Call_without_permission_has_one_line_with_the_caller_and_the_scope()
    {
        using var response = await SendAsync(Stateless("tools/call", "\"name\":\"write_notes\""), Token());

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.StartsWith(
            $"Request tools/call write_notes refused for {Adele}: 403 insufficient_scope Files.Write in ",
            await LineAsync(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_without_the_scope_of_the_server_has_one_line_with_the_caller()
    {
        using var response = await SendAsync(Messages.PostStateless(Messages.StatelessListTools), Token(("scp", "Other")));

        Assert.StartsWith(
            $"Request POST /mcp refused for {Adele}: 403 insufficient_scope in ", await LineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_over_a_limit_has_one_line_with_the_caller()
    {
        for (var i = 0; i < 3; i++)
        {
            using var served = await SendAsync(Messages.PostStateless(Messages.StatelessListTools), Token());
        }

        using var refused = await SendAsync(Messages.PostStateless(Messages.StatelessListTools), Token());

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.StartsWith(
            $"Request tools/list refused for {Adele}: 429 limit RequestsPerMinute in ", await LineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_message_of_a_batch_has_one_line()
    {
        using var begun = await SendAsync(Messages.Post(Messages.Initialize("2025-03-26")), Token());
        var session = begun.Headers.GetValues("Mcp-Session-Id").Single();
        var calls = string.Join(',', Request("tools/call", "\"name\":\"write_notes\""), """{"jsonrpc":"2.0","id":2,"method":"ping"}""");

        using var response = await SendAsync(Messages.Post($"[{calls}]", session), Token());
        await response.Content.ReadAsStringAsync(Cancelled);

        Assert.StartsWith($"Request tools/call write_notes refused for {Adele}: 403 ", await LineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_message_of_a_batch_without_a_stream_has_one_line()
    {
        using var begun = await SendAsync(Messages.Post(Messages.Initialize("2025-03-26")), Token());
        var session = begun.Headers.GetValues("Mcp-Session-Id").Single();

        using var response = await SendAsync(
            Messages.Post($"[{Request("tools/call", "\"name\":\"write_notes\"")}]", session), Token());

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.StartsWith($"Request tools/call write_notes refused for {Adele}: 403 ", await LineAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host", "evil.example", "a host that is not allowed")]
    [InlineData("Origin", "https://evil.example", "an origin that is not allowed")]
    public async Task Foreign_host_or_origin_has_one_line_without_its_name(string header, string value, string reason)
    {
        using var request = Messages.PostStateless(Messages.StatelessListTools);
        request.Headers.Add(header, value);

        using var response = await SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        var line = await LineAsync();
        Assert.Contains($": 403 {reason} in ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", line, StringComparison.Ordinal);
    }

    private protected override void AddTools(IMcpServerBuilder server)
    {
        base.AddTools(server);
        server.Services.AddSingleton<ILoggerProvider>(_log);
        server.Services.AddLogging(static logging => logging.SetMinimumLevel(LogLevel.Trace));
    }

    // The line can appear after the response.
    private async Task<string> LineAsync()
    {
        await Eventually.IsTrueAsync(() => _log.Audit.Count > 0);
        return Assert.Single(_log.Audit);
    }
}
