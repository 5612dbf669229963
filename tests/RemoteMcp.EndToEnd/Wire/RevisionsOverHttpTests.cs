using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.EndToEnd.Wire;

/// <summary>Tests every protocol revision over HTTP with the exact bytes that its clients send.</summary>
public sealed class RevisionsOverHttpTests(StartedServers servers)
{
    private const string SessionHeader = "Mcp-Session-Id";
    private const string RevisionHeader = "MCP-Protocol-Version";

    [Theory]
    [InlineData("2025-03-26", false)]
    [InlineData("2025-06-18", true)]
    [InlineData("2025-11-25", true)]
    public async Task A_revision_with_sessions_initializes_lists_calls_and_ends_its_session(string revision, bool sendsRevisionHeader)
    {
        using var wire = new HttpWire((await servers.RemoteMcpAsync()).Endpoint);

        using var initialized = await wire.PostAsync(JsonMessages.Initialize(1, revision));
        var welcome = (await wire.ReadAnswerAsync(initialized, 1)).GetProperty("result");
        Assert.Equal(revision, welcome.GetProperty("protocolVersion").GetString());
        Assert.True(welcome.GetProperty("capabilities").TryGetProperty("tools", out _));

        wire.Headers[SessionHeader] = initialized.Headers.GetValues(SessionHeader).Single();
        if (sendsRevisionHeader)
        {
            wire.Headers[RevisionHeader] = revision;
        }

        using var accepted = await wire.PostAsync(JsonMessages.Notification("notifications/initialized"));
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.Empty(await accepted.Content.ReadAsByteArrayAsync(wire.Cancellation));

        Assert.Contains("list_directory", (await wire.AskAsync(JsonMessages.Request(2, "tools/list"))).ToolNames());
        Assert.Contains("hello.txt", (await wire.AskAsync(JsonMessages.ListDirectory(3))).Text(), StringComparison.Ordinal);

        using (var stream = await wire.GetStreamAsync())
        {
            Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
            Assert.Equal("text/event-stream", stream.Content.Headers.ContentType?.MediaType);
        }

        using var ended = await wire.DeleteAsync();
        Assert.True(ended.IsSuccessStatusCode, ended.StatusCode.ToString());
        using var gone = await wire.PostAsync(JsonMessages.Request(4, "tools/list"));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Revision_2026_07_28_discovers_lists_and_calls_without_a_session()
    {
        using var wire = new HttpWire((await servers.RemoteMcpAsync()).Endpoint);
        wire.Headers[RevisionHeader] = Messages.Stateless;

        using var discovered = await wire.PostAsync(
            JsonMessages.Request(1, "server/discover").SelfContained(), ("Mcp-Method", "server/discover"));
        Assert.False(discovered.Headers.Contains(SessionHeader));
        var server = (await wire.ReadAnswerAsync(discovered, 1)).GetProperty("result");
        Assert.Equal([Messages.Stateless], server.GetProperty("supportedVersions").EnumerateArray().Select(version => version.GetString()));

        var tools = await wire.AskAsync(JsonMessages.Request(2, "tools/list").SelfContained(), ("Mcp-Method", "tools/list"));
        Assert.Contains("list_directory", tools.ToolNames());

        var call = await wire.AskAsync(
            JsonMessages.ListDirectory(3).SelfContained(), ("Mcp-Method", "tools/call"), ("Mcp-Name", "list_directory"));
        Assert.Contains("hello.txt", call.Text(), StringComparison.Ordinal);
        Assert.Equal("complete", call.GetProperty("result").GetProperty("resultType").GetString());
    }

    [Fact]
    public async Task Revision_2024_11_05_gets_its_answers_on_the_stream_that_it_opened()
    {
        var server = await servers.RemoteMcpAsync();
        using var wire = new HttpWire(server.SseEndpoint);
        using var stream = await wire.GetStreamAsync();
        await using var events = wire.EventsAsync(stream).GetAsyncEnumerator(wire.Cancellation);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("endpoint", events.Current.EventType);
        var messages = new Uri(server.SseEndpoint, events.Current.Data);
        Assert.Equal("/mcp/message", messages.AbsolutePath);

        var welcome = await AskAsync(JsonMessages.Initialize(1, "2024-11-05"));
        Assert.Equal("2024-11-05", welcome.GetProperty("result").GetProperty("protocolVersion").GetString());

        using var accepted = await wire.PostAsync(messages, JsonMessages.Notification("notifications/initialized"));
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);

        Assert.Contains("list_directory", (await AskAsync(JsonMessages.Request(2, "tools/list"))).ToolNames());
        Assert.Contains("hello.txt", (await AskAsync(JsonMessages.ListDirectory(3))).Text(), StringComparison.Ordinal);

        async Task<JsonElement> AskAsync(JsonObject request)
        {
            using var response = await wire.PostAsync(messages, request);
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
            while (await events.MoveNextAsync())
            {
                if (JsonElement.Parse(events.Current.Data) is var message && message.IsAnswerTo(request["id"]!.GetValue<int>()))
                {
                    return message;
                }
            }

            throw new InvalidOperationException("The stream ended.");
        }
    }

    /// <remarks>
    /// "The progress value MUST increase with each notification" (2026-07-28, Progress). The C# client does not check this.
    /// </remarks>
    [Fact]
    public async Task Progress_arrives_in_order()
    {
        using var wire = new HttpWire((await servers.RemoteMcpAsync()).Endpoint, TimeSpan.FromMinutes(2));
        wire.Headers[RevisionHeader] = Messages.Stateless;
        var search = JsonMessages.Request(1, "tools/call", new()
        {
            ["name"] = "search_files",
            ["arguments"] = new JsonObject { ["query"] = "in no file at all", ["path"] = "archive" },
        }).SelfContained();
        search["params"]!["_meta"]!["progressToken"] = "search";

        using var response = await wire.PostAsync(search, ("Mcp-Method", "tools/call"), ("Mcp-Name", "search_files"));
        var progress = new List<int>();
        await foreach (var item in wire.EventsAsync(response))
        {
            if (JsonElement.Parse(item.Data).TryGetProperty("params", out var notified))
            {
                Assert.Equal("search", notified.GetProperty("progressToken").GetString());
                progress.Add(notified.GetProperty("progress").GetInt32());
            }
        }

        Assert.True(progress.Count >= 2, $"Progress was reported {progress.Count} times.");
        Assert.Equal(progress.Distinct().Order(), progress);
    }

    [Fact]
    public async Task Cancelled_call_of_a_session_ends_its_stream_without_an_answer()
    {
        using var wire = new HttpWire((await servers.ConformanceAsync()).Endpoint);
        using var initialized = await wire.PostAsync(JsonMessages.Initialize(1, "2025-11-25"));
        await wire.ReadAnswerAsync(initialized, 1);
        wire.Headers[SessionHeader] = initialized.Headers.GetValues(SessionHeader).Single();

        using var call = await wire.PostAsync(JsonMessages.Request(2, "tools/call", new()
        {
            ["name"] = "wait_until_cancelled",
            ["arguments"] = new JsonObject { ["ticket"] = "wire" },
            ["_meta"] = new JsonObject { ["progressToken"] = "p" },
        }));
        var sent = false;
        await foreach (var item in wire.EventsAsync(call))
        {
            Assert.False(item.Data.Length > 0 && JsonElement.Parse(item.Data).IsAnswerTo(2), item.Data);
            if (!sent && item.Data.Contains("notifications/progress", StringComparison.Ordinal))
            {
                using var accepted = await wire.PostAsync(
                    JsonMessages.Notification("notifications/cancelled", new() { ["requestId"] = 2 }));
                Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
                sent = true;
            }
        }

        Assert.True(sent);
    }
}
