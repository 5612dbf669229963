using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Http;

public sealed class BatchesTests
{
    private const string Ping = """{"jsonrpc":"2.0","id":"p","method":"ping"}""";

    [Theory]
    [InlineData(null)]
    [InlineData("2025-03-26")]
    public async Task Every_request_of_a_batch_is_answered_in_one_event_stream(string? version)
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = Batch(await host.Client.InitializeAsync("2025-03-26"), version,
            Messages.Initialized,
            Messages.Call("echo", """{"text":"a"}""", "1"),
            Ping,
            Messages.Call("throws", id: "2"),
            Messages.Call("nothing", id: "3"));

        using var response = await host.Client.SendStreamedAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.Contains("Mcp-Session-Id"));
        var answers = await ReadAsync(response);
        Assert.Equal(["1", "2", "3", "p"], answers.Keys.Order());
        Assert.Equal("a", (string?)answers["1"]["result"]!["content"]![0]!["text"]);
        Assert.True((bool?)answers["2"]["result"]!["isError"]);
        Assert.Equal(-32602, (int?)answers["3"]["error"]!["code"]);
    }

    [Fact]
    public async Task Batch_of_notifications_gets_202()
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = Batch(
            await host.Client.InitializeAsync("2025-03-26"),
            null,
            Messages.Initialized,
            """{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}""");

        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Fast_answer_does_not_wait_and_a_later_batch_cancels_the_slow_call()
    {
        await using var host = await TestServerHost.StartAsync();
        var session = await host.Client.InitializeAsync("2025-03-26");
        using var request = Batch(session, null, Messages.Call("waits"), Ping);
        using var response = await host.Client.SendStreamedAsync(request);
        using var reader = await SseReader.OpenAsync(response);

        Assert.Equal("p", (string?)(await reader.ReadMessageAsync())["id"]);
        await host.Rendezvous.Entered;
        using var cancel = Batch(session, null, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");
        using var cancelled = await host.Client.SendAsync(cancel, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        await host.Rendezvous.Cancelled;
    }

    [Fact]
    public async Task Invalid_batch_message_gets_error()
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = Batch(
            await host.Client.InitializeAsync("2025-03-26"), null, Ping, "1", """{"jsonrpc":"2.0","id":"x","method":5}""");

        using var response = await host.Client.SendStreamedAsync(request);

        var answers = await ReadAsync(response);
        Assert.Equal(["", "p", "x"], answers.Keys.Order());
        Assert.Equal(-32600, (int?)answers[""]["error"]!["code"]);
        Assert.Equal(-32600, (int?)answers["x"]["error"]!["code"]);
    }

    [Fact]
    public async Task Batch_for_an_unknown_session_gets_404_with_an_error_per_message()
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = Batch("unknown", null, Ping, Messages.ListTools);

        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        var errors = (await response.ReadMessageAsync()).AsArray();
        Assert.Equal(["p", "1"], errors.Select(static error => error!["id"]!.ToString()));
        Assert.All(errors, static error => Assert.Equal(-32001, (int?)error!["error"]!["code"]));
    }

    [Fact]
    public async Task Batch_of_100_messages_is_served_and_of_101_is_refused()
    {
        await using var host = await TestServerHost.StartAsync();
        var session = await host.Client.InitializeAsync("2025-03-26");

        using var most = Batch(
            session, null, [.. Enumerable.Range(0, 100).Select(static i => Messages.Call("echo", $$"""{"text":"{{i}}"}""", $"{i}"))]);
        using var response = await host.Client.SendStreamedAsync(most);
        var answers = await ReadAsync(response);
        Assert.Equal(100, answers.Count);
        Assert.All(answers, static answer => Assert.Equal(answer.Key, (string?)answer.Value["result"]!["content"]![0]!["text"]));

        using var tooMany = Batch(session, null, [.. Enumerable.Repeat(Messages.Initialized, 101)]);
        using var refusal = await host.Client.SendAsync(tooMany, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, refusal.StatusCode);
        Assert.Contains("1 to 100", (string?)(await refusal.ReadMessageAsync())["error"]!["message"]);
    }

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Later_revisions_refuse_batches(string version)
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = Batch(await host.Client.InitializeAsync(), version, Ping);

        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(-32600, (int?)(await response.ReadMessageAsync())["error"]!["code"]);
    }

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    public async Task Session_of_a_later_revision_refuses_batches_without_the_header(string revision)
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = Batch(await host.Client.InitializeAsync(revision), null, Ping);

        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = (await response.Content.ReadFromJsonAsync<JsonArray>(TestContext.Current.CancellationToken))![0]!["error"]!;
        Assert.Equal(-32600, (int?)error["code"]);
        Assert.Contains("only MCP 2025-03-26 supports batches", (string?)error["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Initialize_in_a_batch_is_refused()
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = Batch(null, null, Messages.Initialize("2025-03-26"), Messages.Initialized);

        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("initialize", (string?)(await response.ReadMessageAsync())["error"]!["message"]);
    }

    [Fact]
    public async Task Shutdown_sends_an_error_for_each_open_request_of_a_batch()
    {
        var time = new FakeTimeProvider();
        await using var host = await TestServerHost.StartAsync(time: time);
        using var request = Batch(
            await host.Client.InitializeAsync("2025-03-26"), null, Messages.Call("waits", id: "1"), Ping, Messages.Call("waits", id: "2"));
        using var response = await host.Client.SendStreamedAsync(request);
        using var reader = await SseReader.OpenAsync(response);
        Assert.Equal("p", (string?)(await reader.ReadMessageAsync())["id"]);

        host.RequestStop();
        time.Advance(TimeSpan.FromSeconds(1));

        foreach (var id in new[] { 1, 2 })
        {
            var error = await reader.ReadMessageAsync();
            Assert.Equal(id, (int?)error["id"]);
            Assert.Contains("shutting down", (string?)error["error"]!["message"]);
        }
    }

    private static HttpRequestMessage Batch(string? session, string? version, params string[] messages)
    {
        var request = Messages.Post($"[{string.Join(',', messages)}]", session);
        if (version is not null)
        {
            request.Headers.Add("MCP-Protocol-Version", version);
        }

        return request;
    }

    private static async Task<Dictionary<string, JsonNode>> ReadAsync(HttpResponseMessage response)
    {
        var answers = new Dictionary<string, JsonNode>();
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        foreach (var data in body.Split('\n').Where(static line => line.StartsWith("data: ", StringComparison.Ordinal)))
        {
            var message = JsonNode.Parse(data[6..])!;
            answers.Add(message["id"]?.ToString() ?? "", message);
        }

        return answers;
    }
}
