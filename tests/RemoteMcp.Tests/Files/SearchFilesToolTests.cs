using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RemoteMcp.Testing;
using RemoteMcp.Tests.Tools;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Tests the results of <c>search_files</c> with a real client.</summary>
public sealed class SearchFilesToolTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Matching_lines_have_path_number_column_and_text()
    {
        _folder.Write("b.txt", "nothing\n  a Needle here\r\n").Write("a/c.txt", "needle").Write("binary", [.. "needle"u8, 0]);
        await using var server = await FileServer.StartAsync(_folder.Root);

        var result = await server.CallAsync(
            "search_files", new { query = "needle" }, cancellationToken: TestContext.Current.CancellationToken);

        var answer = result.StructuredContent!.Value;
        Assert.Equal([("a/c.txt", 1, 1, "needle"), ("b.txt", 2, 5, "  a Needle here")], Matches(answer));
        Assert.Equal(
            (2, 1, false),
            (
                answer.GetProperty("files_searched").GetInt32(),
                answer.GetProperty("files_skipped").GetInt32(),
                answer.GetProperty("truncated").GetBoolean()));
        Assert.Equal(
            ["a/c.txt", "     1: needle", "b.txt", "     2:   a Needle here"],
            ToolServer.TextOf(result).Split('\n')[..4].Select(line => line.TrimEnd('\r')));
    }

    [Fact]
    public async Task A_match_deep_in_a_huge_line_is_found_and_its_excerpt_is_short()
    {
        var line = new string('x', 5_000_000) + "needle" + new string('y', 5_000_000);
        _folder.Write("huge.txt", "one\n" + line + "\nneedle\n");
        await using var server = await FileServer.StartAsync(_folder.Root);

        var found = Matches(await server.AnswerAsync("search_files", new { query = "needle" }));

        Assert.Equal([(2, 5_000_001), (3, 1)], found.Select(match => (match.Line, match.Column)));
        Assert.Contains("needle", found[0].Text);
        Assert.InRange(found[0].Text.Length, 6, 250);
    }

    [Fact]
    public async Task A_match_across_any_two_pieces_of_a_huge_line_is_found()
    {
        for (var i = 0; i < 8; i++)
        {
            _folder.Write($"f{i}", new string('x', 64 * 1024 - i) + "needle" + new string('x', 100_000));
        }

        await using var server = await FileServer.StartAsync(_folder.Root);

        Assert.Equal(8, Matches(await server.AnswerAsync("search_files", new { query = "needle" })).Length);
    }

    [Fact]
    public async Task Pages_hold_every_match_once_and_say_that_there_is_more()
    {
        for (var i = 0; i < 12; i++)
        {
            _folder.Write($"d{i % 3}/f{i}.txt", string.Concat(Enumerable.Repeat("needle\nhay\n", i)));
        }

        await using var server = await FileServer.StartAsync(_folder.Root);
        var all = new List<(string Path, int Line, int, string)>();
        string? cursor = null;
        do
        {
            var page = await server.AnswerAsync("search_files", new { query = "needle", limit = 7, cursor });
            all.AddRange(Matches(page));
            cursor = page.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
            Assert.Equal(cursor is null ? null : "limit", page.TryGetProperty("truncated_by", out var reason) ? reason.GetString() : null);
        }
        while (cursor is not null);

        Assert.Equal(66, all.Distinct().Count());
        Assert.Equal([.. all.OrderBy(match => match.Path, StringComparer.Ordinal).ThenBy(match => match.Line)], all);
        Assert.StartsWith("cursor: ", await server.RefusalAsync("search_files", new { query = "other", cursor = "AAAA" }));
    }

    [Fact]
    public async Task One_file_or_one_directory_can_be_searched()
    {
        _folder.Write("a/x.cs", "needle").Write("a/b/y.cs", "needle").Write("z.cs", "needle").Link("a/link.cs", "../z.cs");
        await using var server = await FileServer.StartAsync(_folder.Root);

        Assert.Equal(["a/b/y.cs", "a/x.cs"], await PathsAsync(new { query = "needle", path = "a" }));
        Assert.Equal(["a/b/y.cs"], await PathsAsync(new { query = "needle", path = "a", file_pattern = "b/*.cs" }));
        Assert.Equal(["a/x.cs"], await PathsAsync(new { query = "needle", path = "a/x.cs" }));
        Assert.Equal(["a/link.cs"], await PathsAsync(new { query = "needle", path = "a/link.cs" }));

        async Task<IEnumerable<string>> PathsAsync(object arguments) =>
            Matches(await server.AnswerAsync("search_files", arguments)).Select(match => match.Path);
    }

    /// <remarks>
    /// The SDK's client handles notifications concurrently. After the response, it drops the progress notifications of the call. Therefore,
    /// the test registers its own handler.
    /// </remarks>
    [Fact]
    public async Task Progress_reaches_the_client()
    {
        var store = new MemoryFileStore();
        for (var i = 0; i < 5000; i++)
        {
            store.Write($"f{i}", "hay");
        }

        await using var server = await FileServer.StartAsync(store);
        var reports = new ConcurrentDictionary<(string Token, int Files), bool>();
        await using var listening = server.Client.RegisterNotificationHandler(NotificationMethods.ProgressNotification, (notification, _) =>
        {
            reports[((string)notification.Params!["progressToken"]!, (int)notification.Params["progress"]!)] = true;
            return ValueTask.CompletedTask;
        });

        await server.Client.SendRequestAsync(
            new JsonRpcRequest
            {
                Method = RequestMethods.ToolsCall,
                Params = JsonNode.Parse("""{"name":"search_files","arguments":{"query":"needle"},"_meta":{"progressToken":"t"}}"""),
            },
            TestContext.Current.CancellationToken);

        await Eventually.IsTrueAsync(() => Enumerable.Range(1, 4).All(thousand => reports.ContainsKey(("t", 1000 * thousand))));
    }

    [Fact]
    public async Task Cancellation_by_the_client_stops_the_search()
    {
        var store = new MemoryFileStore();
        for (var i = 0; i < 10_000; i++)
        {
            store.Write($"f{i:D5}", "hay");
        }

        var started = new TaskCompletionSource();
        var stopped = new TaskCompletionSource();
        store.OnOpen = async (_, count, token) =>
        {
            if (count >= 100)
            {
                started.TrySetResult();
                using var registration = token.Register(() => stopped.TrySetResult());
                await stopped.Task;
            }
        };
        await using var server = await FileServer.StartAsync(store);

        // The test sends the cancellation, because version 2.3.1 of the SDK's client does not send it when its token is cancelled.
        var request = new JsonRpcRequest
        {
            Id = new RequestId("search"),
            Method = RequestMethods.ToolsCall,
            Params = JsonNode.Parse("""{"name":"search_files","arguments":{"query":"needle"}}"""),
        };
        var call = server.Client.SendRequestAsync(request, TestContext.Current.CancellationToken);
        await started.Task.WaitAsync(TestContext.Current.CancellationToken);
        await server.Client.SendMessageAsync(new JsonRpcNotification
        {
            Method = NotificationMethods.CancelledNotification,
            Params = JsonSerializer.SerializeToNode(
                new CancelledNotificationParams { RequestId = request.Id }, McpJsonUtilities.DefaultOptions),
        }, TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await stopped.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await server.AnswerAsync("list_directory", new { });
        Assert.InRange(store.Opened, 100, 103);
    }

    public void Dispose() => _folder.Dispose();

    private static (string Path, int Line, int Column, string Text)[] Matches(JsonElement answer) =>
        [.. answer.GetProperty("matches").EnumerateArray().Select(match => (
            match.GetProperty("path").GetString()!,
            match.GetProperty("line").GetInt32(),
            match.GetProperty("column").GetInt32(),
            match.GetProperty("text").GetString()!))];
}
