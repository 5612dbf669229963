using System.Net;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Auth.Permissions;
using Xunit;

namespace RemoteMcp.Tests.Limits;

/// <summary>Tests that calls count as concurrent requests until they end, also if their clients have left.</summary>
public sealed class AbandonedCallTests : GuardedServer
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    protected override TimeProvider? Time => _time;

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["RemoteMcp:Limits:ConcurrentRequests"] = "2",
        ["RemoteMcp:Http:MaxRequestBytes"] = "65536",
        ["RemoteMcp:Limits:RequestBytesPerCaller"] = "65536",
    };

    [Fact]
    public async Task Call_that_waits_for_the_user_counts_until_the_answer_is_overdue()
    {
        var session = await BeginSessionAsync(Token(), """{"elicitation":{"form":{} } }""");
        for (var id = 1; id <= 2; id++)
        {
            await AskAndLeaveAsync(session, id);
        }

        using var refused = await SendAsync(Messages.Post(Messages.Call("echo", """{"text":"x"}"""), session), Token());
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);

        _time.Advance(TimeSpan.FromMinutes(16));

        await Eventually.IsTrueAsync(async () =>
        {
            using var response = await SendAsync(Messages.Post(Messages.Call("echo", """{"text":"x"}"""), session), Token());
            return response.StatusCode == HttpStatusCode.OK;
        });
    }

    [Fact]
    public async Task Memory_of_a_call_that_waits_for_the_user_is_freed_when_the_answer_is_overdue()
    {
        var session = await BeginSessionAsync(Token(), """{"elicitation":{"form":{} } }""");
        var padding = new string(' ', 40_000);
        await AskAndLeaveAsync(session, 1, padding);
        using var refused = await SendAsync(Messages.Post(Messages.Call("echo", """{"text":"x"}""") + padding, session), Token());
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains(
            "RemoteMcp:Limits:RequestBytesPerCaller", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromMinutes(16));

        await Eventually.IsTrueAsync(async () =>
        {
            using var response = await SendAsync(Messages.Post(Messages.Call("echo", """{"text":"x"}""") + padding, session), Token());
            return response.StatusCode == HttpStatusCode.OK;
        });
    }

    [Fact]
    public async Task Call_that_gave_up_a_question_continues_after_the_time_for_the_answer()
    {
        var session = await BeginSessionAsync(Token(), """{"elicitation":{"form":{} } }""");
        using var call = await SendAsync(Messages.Post(Messages.Call("gives_up"), session), Token());
        using var events = new StreamReader(await call.Content.ReadAsStreamAsync(Cancelled));
        while (!(await DataAsync(events)).Contains("notifications/cancelled", StringComparison.Ordinal))
        {
            // The tool has not given up.
        }

        await Server.Rendezvous.Entered;
        _time.Advance(TimeSpan.FromMinutes(16));
        Server.Rendezvous.Release();

        Assert.Contains("released", await DataAsync(events), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelled_call_counts_until_its_tool_has_ended()
    {
        var session = await BeginSessionAsync(Token());
        using var first = await SendAsync(Messages.Post(Messages.Call("stubborn"), session), Token());
        using var second = await SendAsync(Messages.Post(Messages.Call("stubborn", id: "2"), session), Token());
        await Eventually.IsTrueAsync(() => Server.Rendezvous.Count == 2);
        foreach (var id in new[] { 1, 2 })
        {
            using var cancelled = await SendAsync(Messages.Post(
                $$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{id}} } }""", session), Token());
            Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        await first.Content.ReadAsStringAsync(Cancelled);
        await second.Content.ReadAsStringAsync(Cancelled);
        using var refused = await SendAsync(Messages.Post(Messages.Call("echo", """{"text":"x"}""", "3"), session), Token());
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);

        Server.Rendezvous.Release();

        await Eventually.IsTrueAsync(async () =>
        {
            using var response = await SendAsync(Messages.Post(Messages.Call("echo", """{"text":"x"}"""), session), Token());
            return response.StatusCode == HttpStatusCode.OK;
        });
    }

    [Fact]
    public async Task Calls_of_HTTP_with_SSE_count_until_they_end()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp/sse") { Headers = { { "Accept", "text/event-stream" } } };
        using var stream = await SendAsync(request, Token());
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync(Cancelled));
        var endpoint = await DataAsync(reader);
        await PostAsync(endpoint, Messages.Initialize("2024-11-05"));
        await DataAsync(reader);
        // The stream counts too.
        await PostAsync(endpoint, Messages.Call("waits"));
        await Server.Rendezvous.Entered;

        using var refused = await SendAsync(Messages.Post(Messages.Call("echo", """{"text":"x"}""", "2"), path: endpoint), Token());

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Server.Rendezvous.Release();
        Assert.Contains("released", await DataAsync(reader), StringComparison.Ordinal);
        await Eventually.IsTrueAsync(async () =>
        {
            using var response = await SendAsync(Messages.Post(Messages.Call("echo", """{"text":"x"}""", "3"), path: endpoint), Token());
            return response.StatusCode == HttpStatusCode.Accepted;
        });
    }

    private async Task PostAsync(string endpoint, string message)
    {
        using var accepted = await SendAsync(Messages.Post(message, path: endpoint), Token());
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
    }

    private static async Task<string> DataAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync(Cancelled) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return line["data: ".Length..];
            }
        }

        throw new InvalidOperationException("The stream ended.");
    }

    private async Task AskAndLeaveAsync(string session, int id, string padding = "")
    {
        using var call = await SendAsync(Messages.Post(Messages.Call("asks", id: $"{id}") + padding, session), Token());
        Assert.Equal(HttpStatusCode.OK, call.StatusCode);
        using var reader = new StreamReader(await call.Content.ReadAsStreamAsync(Cancelled));
        while (!(await DataAsync(reader)).Contains("elicitation/create", StringComparison.Ordinal))
        {
            // The first event has no message.
        }
    }
}
