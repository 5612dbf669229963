using System.Net;
using System.Text.Json.Nodes;
using RemoteMcp.Sessions;
using RemoteMcp.Testing.Sessions;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions.Hostile;

/// <summary>Tests requests that exceed the limits on sessions, initialize params, and subscriptions.</summary>
public sealed class HostileLoadTests : HostileSessions
{
    [Fact]
    public async Task Too_many_initialize_requests_get_429_and_write_nothing()
    {
        using var flood = new WireClient { Caller = "tenant/flood/app" };
        var accepted = 0;
        for (var i = 0; i < 20; i++)
        {
            using var begun = await flood.PostAsync(A, Initialize("{}"));
            accepted += begun.IsSuccessStatusCode ? 1 : 0;
        }

        Assert.Equal(20, accepted);
        var before = Store.Requests.Count(static request => request == "INSERT Sessions");
        var refused = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => flood.PostAsync(A, Initialize("{}"))));
        Assert.All(refused, static response =>
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter);
            Assert.False(response.Headers.Contains("Mcp-Session-Id"));
        });
        Assert.Equal(before, Store.Requests.Count(static request => request == "INSERT Sessions"));
        Assert.Equal("x", await TheVictim.TextAsync(A, 1, "echo", """{"text":"x"}"""));
        using var other = new WireClient { Caller = "tenant/other/app" };
        await other.InitializeAsync(A);
    }

    [Theory]
    [InlineData(33 * 1024)]
    [InlineData(500 * 1024)]
    public async Task Initialize_with_too_large_params_is_refused_and_writes_nothing(int size)
    {
        var before = Store.Requests.Count(static request => request == "INSERT Sessions");
        using var client = new WireClient { Caller = "tenant/large/app" };
        using var refused = await client.PostAsync(A, Initialize($$"""{"experimental":{"x":{"y":"{{new string('y', size)}}"} } }"""));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("32768", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(before, Store.Requests.Count(static request => request == "INSERT Sessions"));
    }

    [Fact]
    public async Task The_101st_subscription_is_refused_and_the_others_stay()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.Null((await SubscribeAsync(i, $"file:///{i}"))["error"]);
        }

        Assert.Equal(-32602, (await SubscribeAsync(100, "file:///100"))["error"]!["code"]!.GetValue<int>());
        Assert.Null((await SubscribeAsync(101, "file:///1"))["error"]);
        var record = await Instances.Service<SessionStore>(1).FindAsync(Inner(TheAttacker.Session!), Cancellation);
        Assert.Equal(100, record!.Subscriptions!.Length);
    }

    [Fact]
    public async Task A_subscription_to_a_too_long_uri_is_refused()
    {
        Assert.Equal(-32602, (await SubscribeAsync(1, "file:///" + new string('a', 3000)))["error"]!["code"]!.GetValue<int>());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_cancellation_with_a_huge_reason_is_accepted_on_every_instance(int instance)
    {
        using var call = await TheVictim.CallAsync(A, 1, "wait");
        var events = ReadAsync(call).GetAsyncEnumerator(Cancellation);
        await PromptAsync(events);
        var reason = new string('x', 3 * 1024 * 1024);

        using var cancelled = await TheVictim.PostAsync(Instances.Urls[instance],
            $$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1,"reason":"{{reason}}"} }""");

        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        // The stream of a cancelled call ends.
        while (await events.MoveNextAsync())
        {
        }
    }

    [Fact]
    public async Task An_answer_that_is_too_large_for_another_instance_gets_413()
    {
        using var call = await TheVictim.CallAsync(A, 1, "ask", """{"question":"?"}""");
        var id = (string)(await PromptAsync(call))["id"]!;

        using var refused = await TheVictim.PostAsync(
            B, $$"""{"jsonrpc":"2.0","id":"{{id}}","result":{"action":"{{new string('x', 700_000)}}"} }""");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        Assert.Contains("614400 bytes", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    private async Task<JsonNode> SubscribeAsync(int id, string uri)
    {
        using var response = await TheAttacker.PostAsync(
            A, $$"""{"jsonrpc":"2.0","id":{{id}},"method":"resources/subscribe","params":{"uri":"{{uri}}"} }""");
        return await AnswerAsync(response, id);
    }
}
