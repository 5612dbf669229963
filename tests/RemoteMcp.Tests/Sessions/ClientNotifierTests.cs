using System.Text.Json.Nodes;
using RemoteMcp.Sessions.Notifications;
using RemoteMcp.Testing.Sessions;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions;

/// <summary>Tests notifications from one instance to clients whose streams are on another instance.</summary>
public sealed class ClientNotifierTests : IAsyncLifetime
{
    private const string Watched = "file:///watched.txt";

    private readonly WireClient _client = new();
    private InProcessFleet _fleet = null!;

    public async ValueTask InitializeAsync() => _fleet = await InProcessFleet.StartAsync(
        2, Cancellation, ("RemoteMcp:Fleet:DeliveryTimeout", "00:00:30"), ("RemoteMcp:Fleet:PollIdle", "00:00:00.05"));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _fleet.DisposeAsync();
    }

    [Fact]
    public async Task A_session_gets_updates_of_resources_it_subscribed_to_on_any_instance()
    {
        await _client.InitializeAsync(_fleet.Urls[0]);
        using var stream = await _client.GetAsync(_fleet.Urls[0]);
        var events = ReadAsync(stream).GetAsyncEnumerator(Cancellation);
        Assert.True(await events.MoveNextAsync());
        using var subscribed = await _client.PostAsync(
            _fleet.Urls[1], $$"""{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"{{Watched}}"} }""");
        Assert.NotNull((await AnswerAsync(subscribed, 1))["result"]);

        var notifier = _fleet.Service<ClientNotifier>(1);
        await notifier.ResourceUpdatedAsync("file:///other.txt", Cancellation);
        await notifier.ResourceUpdatedAsync(Watched, Cancellation);

        Assert.Equal(Watched, (await NextAsync(events, "notifications/resources/updated"))["params"]!["uri"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_session_that_unsubscribed_gets_no_more_updates()
    {
        await _client.InitializeAsync(_fleet.Urls[0]);
        using var stream = await _client.GetAsync(_fleet.Urls[0]);
        var events = ReadAsync(stream).GetAsyncEnumerator(Cancellation);
        Assert.True(await events.MoveNextAsync());
        foreach (var (id, method) in new[] { (1, "subscribe"), (2, "unsubscribe") })
        {
            using var answer = await _client.PostAsync(
                _fleet.Urls[1], $$"""{"jsonrpc":"2.0","id":{{id}},"method":"resources/{{method}}","params":{"uri":"{{Watched}}"} }""");
            await AnswerAsync(answer, id);
        }

        await _fleet.Service<ClientNotifier>(1).ResourceUpdatedAsync(Watched, Cancellation);
        await _fleet.Service<ClientNotifier>(1).ToolsChangedAsync(Cancellation);

        Assert.True(await events.MoveNextAsync());
        Assert.Equal("notifications/tools/list_changed", events.Current.Message!["method"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_2026_07_28_listen_stream_gets_only_the_requested_notifications()
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(1) };
        using var request = new HttpRequestMessage(HttpMethod.Post, _fleet.Urls[0])
        {
            Content = new StringContent(
                $$"""
                {"jsonrpc":"2.0","id":7,"method":"subscriptions/listen","params":{
                  "notifications":{"resourceSubscriptions":["{{Watched}}"]},"_meta":{
                  "io.modelcontextprotocol/protocolVersion":"2026-07-28",
                  "io.modelcontextprotocol/clientInfo":{"name":"wire","version":"1"},
                  "io.modelcontextprotocol/clientCapabilities":{} } } }
                """, System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "subscriptions/listen");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        var events = ReadAsync(response).GetAsyncEnumerator(Cancellation);
        await NextAsync(events, "notifications/subscriptions/acknowledged");

        await _fleet.Service<ClientNotifier>(1).ToolsChangedAsync(Cancellation);
        await _fleet.Service<ClientNotifier>(1).ResourceUpdatedAsync(Watched, Cancellation);

        Assert.True(await events.MoveNextAsync());
        Assert.Equal(Watched, events.Current.Message!["params"]!["uri"]!.GetValue<string>());
        Assert.Equal(7, events.Current.Message["params"]!["_meta"]!["io.modelcontextprotocol/subscriptionId"]!.GetValue<int>());
    }

    private static async Task<JsonNode> NextAsync(IAsyncEnumerator<(string? Id, JsonNode? Message)> events, string method)
    {
        while (await events.MoveNextAsync())
        {
            if (events.Current.Message?["method"]?.GetValue<string>() == method)
            {
                return events.Current.Message;
            }
        }

        throw new InvalidOperationException($"The stream ended without {method}.");
    }
}
