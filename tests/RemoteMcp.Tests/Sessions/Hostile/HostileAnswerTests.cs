using System.Net;
using System.Text.Json.Nodes;
using RemoteMcp.Fleet;
using RemoteMcp.Testing.Sessions;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions.Hostile;

/// <summary>Tests answers to the prompts of another caller, and cancellations of the calls of another caller.</summary>
public sealed class HostileAnswerTests : HostileSessions
{
    public static TheoryData<string> ForgedAnswerIds =>
    [
        "1", "2", "-1", "9223372036854775807", "\"1\"", "\"\"", "\".\"", "\"..1\"", "\"{A}\"", "\"{A}.\"",
        "\"{A}.1\"", "\"{A}.00000000.1\"", "\"../../Instances.0.1\"", "\"{A}/x.{nonce}.1\"",
        "\"{A}.{nonce}.\"", "\"{A}.{nonce}.1x\"", "\"{A}.{nonce}.-1\"", "\"{A}.{nonce}.99999999999999999999\"",
        "\"{long}\"", "\"{A}.{long}.1\"", "\"ABCDEF0123456789.0.1\"", "\"{A}.{nonce}.1\\u0000\"",
    ];

    [Theory]
    [MemberData(nameof(ForgedAnswerIds))]
    public async Task An_answer_with_a_forged_id_reaches_no_call(string pattern)
    {
        using var call = await TheVictim.CallAsync(A, 1, "ask", """{"question":"?"}""");
        var events = ReadAsync(call).GetAsyncEnumerator(Cancellation);
        var prompt = await PromptAsync(events);
        var id = pattern.Replace("{A}", Instances.Service<FleetMembership>(0).Id)
            .Replace("{nonce}", prompt["id"]!.GetValue<string>().Split('.')[1]).Replace("{long}", new string('a', 4000));
        foreach (var client in new[] { TheVictim, TheAttacker })
        {
            foreach (var url in Instances.Urls)
            {
                using var forged = await AnswerPromptAsync(client, url, id, "forged");
                // An answer whose id names no instance is dropped, like any answer that no instance waits for.
                Assert.Contains(forged.StatusCode, new[] { HttpStatusCode.Accepted, HttpStatusCode.BadRequest });
            }
        }

        using var real = await AnswerPromptAsync(TheVictim, B, prompt["id"]!.ToJsonString(), "real");
        Assert.Equal(HttpStatusCode.Accepted, real.StatusCode);
        Assert.Equal("? -> real", await TextOfAnswerAsync(events));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_prompt_of_another_session_cannot_be_answered(int instance)
    {
        using var second = new WireClient { Caller = Victim };
        await second.InitializeAsync(A);
        using var call = await TheVictim.CallAsync(A, 1, "ask", """{"question":"?"}""");
        var events = ReadAsync(call).GetAsyncEnumerator(Cancellation);
        var id = (await PromptAsync(events))["id"]!.ToJsonString();
        foreach (var client in new[] { TheAttacker, second })
        {
            using var forged = await AnswerPromptAsync(client, Instances.Urls[instance], id, "forged");
            Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        }

        using var real = await AnswerPromptAsync(TheVictim, Instances.Urls[instance], id, "real");
        Assert.Equal(HttpStatusCode.Accepted, real.StatusCode);
        Assert.Equal("? -> real", await TextOfAnswerAsync(events));
    }

    [Fact]
    public async Task A_prompt_accepts_only_the_first_answer()
    {
        using var call = await TheVictim.CallAsync(A, 1, "ask", """{"question":"?"}""");
        var events = ReadAsync(call).GetAsyncEnumerator(Cancellation);
        var id = (await PromptAsync(events))["id"]!.ToJsonString();
        using var first = await AnswerPromptAsync(TheVictim, B, id, "first");
        using var second = await AnswerPromptAsync(TheVictim, A, id, "second");
        Assert.True((int)second.StatusCode < 500);
        Assert.Equal("? -> first", await TextOfAnswerAsync(events));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_call_of_another_session_cannot_be_cancelled(int instance)
    {
        using var call = await TheVictim.CallAsync(A, 1, "ask", """{"question":"?"}""");
        var events = ReadAsync(call).GetAsyncEnumerator(Cancellation);
        var id = (await PromptAsync(events))["id"]!.ToJsonString();
        foreach (var named in new[] { "1", "\"1\"", id })
        {
            using var cancelled = await TheAttacker.PostAsync(
                Instances.Urls[instance], $$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{named}} } }""");
            Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        }

        using var real = await AnswerPromptAsync(TheVictim, A, id, "alive");
        Assert.Equal("? -> alive", await TextOfAnswerAsync(events));
    }

    private static Task<HttpResponseMessage> AnswerPromptAsync(WireClient client, Uri url, string id, string answer) =>
        client.PostAsync(url, $$"""{"jsonrpc":"2.0","id":{{id}},"result":{"action":"accept","content":{"answer":"{{answer}}"} } }""");

    private static async Task<string> TextOfAnswerAsync(IAsyncEnumerator<(string? Id, JsonNode? Message)> events)
    {
        while (await events.MoveNextAsync())
        {
            if (events.Current.Message is { } message && message["method"] is null)
            {
                return Text(message);
            }
        }

        throw new InvalidOperationException("The stream ended without the answer.");
    }
}
