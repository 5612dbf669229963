using System.Net;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Auth.Permissions;
using Xunit;

namespace RemoteMcp.Tests.Limits;

/// <summary>Tests that messages of every kind count, also those that are not requests.</summary>
public sealed class MessageRateTests : GuardedServer
{
    protected override IReadOnlyDictionary<string, string?> Settings =>
        new Dictionary<string, string?> { ["RemoteMcp:Limits:RequestsPerMinute"] = "6" };

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"0123456789abcdef.00000000.1.AAAAAAAAAAAAAAAA","result":{}}""")]
    public async Task Flood_of_other_messages_is_refused_before_the_bodies_are_read(string message)
    {
        var session = await BeginSessionAsync(Token());
        // 12 messages are allowed, and initialize was the first.
        for (var i = 1; i < 12; i++)
        {
            using var accepted = await SendAsync(Messages.Post(message, session), Token());
            Assert.NotEqual(HttpStatusCode.TooManyRequests, accepted.StatusCode);
        }

        // This body would be refused with another status if the server read it.
        using var refused = await SendAsync(Messages.Post("{", session), Token());

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.Contains(
            "12 messages",
            (string?)(await refused.ReadMessageAsync())["error"]!["message"],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_with_too_many_messages_is_refused_as_a_whole()
    {
        using var begun = await SendAsync(Messages.Post(Messages.Initialize("2025-03-26")), Token());
        var session = begun.Headers.GetValues("Mcp-Session-Id").Single();
        var notifications = Enumerable.Repeat("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""", 12);

        using var refused = await SendAsync(Messages.Post($"[{string.Join(',', notifications)}]", session), Token());

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }
}
