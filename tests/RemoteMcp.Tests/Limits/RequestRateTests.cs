using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Auth.Permissions;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.Limits;

/// <summary>Tests that the server limits a caller that sends too many requests, and no other caller.</summary>
public sealed class RequestRateTests : GuardedServer
{
    private const int Rate = 6;

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["RemoteMcp:Limits:RequestsPerMinute"] = Rate.ToString(CultureInfo.InvariantCulture),
    };

    [Fact]
    public async Task Request_over_the_rate_limit_gets_429_with_the_time_to_wait()
    {
        await UseUpAsync(Token(), Rate);

        using var refused = await SendAsync(Messages.PostStateless(Messages.StatelessListTools), Token());

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        var answer = await refused.ReadMessageAsync();
        Assert.Equal(1, (int?)answer["id"]);
        Assert.Equal(-32000, (int?)answer["error"]!["code"]);
        Assert.Contains("more than 6 requests within a minute", (string?)answer["error"]!["message"], StringComparison.Ordinal);
        Assert.Contains("RemoteMcp:Limits:RequestsPerMinute", (string?)answer["error"]!["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("another user")]
    [InlineData("the same user by another client app")]
    [InlineData("an app")]
    public async Task Each_caller_has_a_separate_rate_limit(string other)
    {
        await UseUpAsync(Token(), Rate + 1);

        using var served = await SendAsync(Messages.PostStateless(Messages.StatelessListTools), other switch
        {
            "another user" => TokenOf(Sample.Megan, Sample.DesktopClient),
            "an app" => AppToken("Mcp.Invoke"),
            _ => TokenOf(Sample.Adele, Sample.BrowserClient),
        });

        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task Each_message_of_a_batch_counts_and_is_answered_separately()
    {
        using var begun = await SendAsync(Messages.Post(Messages.Initialize("2025-03-26")), Token());
        var session = begun.Headers.GetValues("Mcp-Session-Id").Single();
        await UseUpAsync(Token(), Rate - 3);
        var messages = Enumerable.Range(1, 3).Select(static id => $$"""{"jsonrpc":"2.0","id":{{id}},"method":"ping"}""");

        using var response = await SendAsync(Messages.Post($"[{string.Join(',', messages)}]", session), Token());

        var body = await response.Content.ReadAsStringAsync(Cancelled);
        var answers = body.Split('\n')
            .Where(static line => line.StartsWith("data: {", StringComparison.Ordinal))
            .Select(static line => JsonNode.Parse(line[6..])!)
            .ToList();
        Assert.Equal(["1", "2", "3"], answers.Select(static answer => answer["id"]!.ToString()).Order());
        var refused = Assert.Single(answers, static answer => answer["error"] is not null || answer["result"] is null);
        Assert.Contains("Too Many Requests", (string?)refused["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancellations_responses_and_session_ends_are_never_refused()
    {
        var session = await BeginSessionAsync(Token());
        await UseUpAsync(Token(), Rate);

        foreach (var message in new[]
        {
            """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""",
            """{"jsonrpc":"2.0","id":"somebody's","result":{}}""",
        })
        {
            using var accepted = await SendAsync(Messages.Post(message, session), Token());
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        }

        using var delete = new HttpRequestMessage(HttpMethod.Delete, "/mcp") { Headers = { { "Mcp-Session-Id", session } } };
        using var ended = await SendAsync(delete, Token());
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
    }

    [Fact]
    public async Task Large_body_over_the_rate_limit_is_refused_before_it_is_read()
    {
        await UseUpAsync(Token(), Rate);
        using var request = Messages.PostStateless(Messages.StatelessListTools);
        // A body that cannot be parsed.
        request.Content = new StringContent("{" + new string('x', 20_000), null, "application/json");

        using var refused = await SendAsync(request, Token());

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/mcp")]
    [InlineData("GET", "/mcp/sse")]
    public async Task Stream_over_the_rate_limit_is_refused(string method, string path)
    {
        var session = await BeginSessionAsync(Token());
        await UseUpAsync(Token(), Rate - 1);
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Headers = { { "Accept", "text/event-stream" }, { "Mcp-Session-Id", session } },
        };

        using var refused = await SendAsync(request, Token());

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }

    [Fact]
    public async Task Unauthorized_requests_do_not_use_up_the_rate_limit()
    {
        for (var i = 0; i <= Rate; i++)
        {
            using var unauthorized = await SendAsync(Messages.PostStateless(Messages.StatelessListTools), Token(("aud", "somebody else")));
            Assert.Equal(HttpStatusCode.Unauthorized, unauthorized.StatusCode);
        }

        using var served = await SendAsync(Messages.PostStateless(Messages.StatelessListTools), Token());
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task Requests_without_sign_in_are_not_limited()
    {
        await using var server = await TestServerHost.StartAsync(Settings);
        for (var i = 0; i <= Rate; i++)
        {
            using var served = await server.Client.SendAsync(Messages.PostStateless(Messages.StatelessListTools), Cancelled);
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }
    }

    private async Task UseUpAsync(string token, int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            using var response = await SendAsync(Messages.PostStateless(Messages.StatelessListTools), token);
            await response.Content.ReadAsStringAsync(Cancelled);
        }
    }
}
