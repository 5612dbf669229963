using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using RemoteMcp.EndToEnd.Fleet;
using RemoteMcp.EndToEnd.Hosting;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.EndToEnd.Wire;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.EndToEnd.Functions;

/// <summary>Tests what happens to requests when the Functions host ends the requests, its worker, or itself.</summary>
public sealed class FunctionsLifetimeTests : IDisposable
{
    private const string FunctionTimeout = "AzureFunctionsJobHost__functionTimeout";

    // The number of requests that open a session. The client closes the response of the first request after it has read the message.
    private const int OpeningRequests = 2;

    private readonly CancellationTokenSource _limit =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public FunctionsLifetimeTests() => _limit.CancelAfter(TimeSpan.FromMinutes(3));

    public void Dispose() => _limit.Dispose();

    [Fact]
    public async Task Streams_end_with_an_event_before_functionTimeout_and_count_as_successes()
    {
        await using var host = await FunctionsHostProcess.StartAsync([], (FunctionTimeout, "00:00:12"));
        using var client = new FleetClient(host.Endpoint, _limit.Token);
        await client.InitializeAsync();
        using var stream = await client.GetAsync(null);
        using var call = await client.CallAsync(null, 1, "count", """{"ticket":"long","n":1000,"pauseMs":200}""");

        // Both streams are read to their ends, because the host counts an invocation as failed when the client leaves first.
        var events = await client.ReadAsync(call).ToListAsync(_limit.Token);
        var streamed = await client.ReadAsync(stream).ToListAsync(_limit.Token);

        var answer = events.Single(static each => each.IsAnswerTo(1)).Message!;
        Assert.Contains("Check its effect before you send it again.", (string?)answer["error"]!["message"], StringComparison.Ordinal);
        // The idle stream received its first event and ended as a complete response.
        Assert.Single(streamed);
        await host.LoggedAsync(static host => host.Invocations.Count == 4);
        Assert.All(host.Invocations.Skip(OpeningRequests), static invocation => Assert.True(invocation.Succeeded));
        Assert.Single(host.Workers);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tool_that_ignores_cancellation_does_not_restart_the_worker(bool stateless)
    {
        await using var host = await FunctionsHostProcess.StartAsync([], (FunctionTimeout, "00:00:12"));
        using var client = new FleetClient(host.Endpoint, _limit.Token);
        await client.InitializeAsync();
        using var wire = new HttpWire(host.Endpoint) { Headers = { ["MCP-Protocol-Version"] = Messages.Stateless } };

        var stubborn = stateless
            ? wire.PostAsync(
                JsonMessages.Request(
                    1,
                    "tools/call",
                    new() { ["name"] = "ignore_cancellation", ["arguments"] = new JsonObject { ["seconds"] = 120 } }).SelfContained(),
                ("Mcp-Method", "tools/call"),
                ("Mcp-Name", "ignore_cancellation"))
            : client.CallAsync(null, 1, "ignore_cancellation", """{"seconds":120}""");
        await host.LoggedAsync(static host => host.Invocations.Count == OpeningRequests + 1);

        Assert.Equal("alive", await client.TextAsync(null, 2, "echo", """{"text":"alive"}"""));
        Assert.Single(host.Workers);
        await Record.ExceptionAsync(() => stubborn);
    }

    [Fact]
    public async Task MaxRequestTime_beyond_functionTimeout_is_refused_at_start()
    {
        var start = Programs.Functions(BuiltApp.Team).With(new Dictionary<string, string>
        {
            [FunctionTimeout] = "00:05:00",
            ["RemoteMcp__Http__MaxRequestTime"] = "00:05:00",
        });
        await using var host = RunningProcess.Start(start);

        Assert.NotEqual(0, await host.WaitForExitAsync(_limit.Token));

        Assert.Contains(
            "Set RemoteMcp:Http:MaxRequestTime to at most 00:04:55, or raise functionTimeout.", host.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keep_alive_comments_keep_silent_streams_open_beyond_the_host_timeout()
    {
        string[] patience = ["--activity-timeout", "00:00:10"];
        await using var kept = await FunctionsHostProcess.StartAsync(patience, ("RemoteMcp__Http__KeepAlive", "00:00:01"));
        await using var cut = await FunctionsHostProcess.StartAsync(patience, ("RemoteMcp__Http__KeepAlive", "00:01:00"));

        var outcomes = await Task.WhenAll(new[] { kept, cut }.Select(CountSlowlyAsync));

        Assert.Equal(["counted slow", null], outcomes);
        await cut.LoggedAsync(static host => host.Invocations.Any(static invocation => !invocation.Succeeded));
    }

    /// <remarks>
    /// The host reads the response of the worker only after it has sent the whole body, so the client does not get the 408.
    /// </remarks>
    [Fact]
    public async Task Body_that_stops_frees_its_memory_on_the_worker()
    {
        const int half = 4 * 1024 * 1024;
        await using var host = await FunctionsHostProcess.StartAsync(
            [],
            ("RemoteMcp__Http__BodyTimeout", "00:00:08"),
            ("RemoteMcp__Limits__RequestBytes", $"{2 * half}"),
            ("RemoteMcp__Limits__RequestBytesPerCaller", $"{2 * half}"));
        using var http = new HttpClient { BaseAddress = host.Address };
        var large = Messages.StatelessCall("echo", $$"""{"text":"{{new string('x', half - 100_000)}}"}""");
        var stalled = new List<StalledRequest>();
        try
        {
            // The body that the worker reads first gets the memory, which is not always the one that was sent first.
            await Eventually.IsTrueAsync(async () =>
            {
                stalled.Add(await StalledRequest.SendAsync(host.Address, null, half, half - 100_000, _limit.Token));
                return await StatusAsync() == HttpStatusCode.ServiceUnavailable;
            });

            await Eventually.IsTrueAsync(async () => await StatusAsync() == HttpStatusCode.OK);
        }
        finally
        {
            stalled.ForEach(static request => request.Dispose());
        }

        Assert.DoesNotContain(host.WorkerLines, static line => line.StartsWith("[Error]", StringComparison.Ordinal));

        async Task<HttpStatusCode> StatusAsync()
        {
            using var response = await http.SendAsync(Messages.PostStateless(large), _limit.Token);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Drained_worker_ends_running_calls_with_an_error_and_exits()
    {
        await using var host = await FunctionsHostProcess.StartAsync([]);
        using var client = new FleetClient(host.Endpoint, _limit.Token);
        await client.InitializeAsync();
        using var stream = await client.GetAsync(null);
        using var calls = new FleetClient(host.Endpoint, _limit.Token) { Session = client.Session };
        using var call = await calls.CallAsync(null, 1, "count", """{"ticket":"long","n":1000,"pauseMs":200}""");
        await using var events = client.ReadAsync(call).GetAsyncEnumerator(_limit.Token);
        await events.NextAsync("notifications/progress");

        var ended = host.DrainAsync(_limit.Token);

        Assert.Contains(
            "The server is shutting down", (string?)(await events.NextAnswerAsync(1))["error"]!["message"], StringComparison.Ordinal);
        Assert.Single(await client.ReadAsync(stream).ToListAsync(_limit.Token));
        Assert.Equal(0, await ended);
        Assert.All(host.Invocations.Skip(OpeningRequests), static invocation => Assert.True(invocation.Succeeded));
        Assert.DoesNotContain(host.WorkerLines, static line => line.StartsWith("[Error]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Draining_the_worker_resets_no_request_of_keep_alive_clients()
    {
        const int clients = 30;
        await using var host = await FunctionsHostProcess.StartAsync([], ("RemoteMcp__Limits__RequestsPerMinute", "1000000"));
        var loops = new RequestLoops(host.Address);
        // After a 503 response, a client would continue at another instance.
        var running = loops.RunAsync(clients, untilUnavailable: true, _limit.Token);
        await Eventually.IsTrueAsync(() => loops.Answered > clients * 5);

        var ended = host.DrainAsync(_limit.Token);

        await running;
        Assert.Equal(0, await ended);
        Assert.Empty(loops.Failures);
        Assert.Equal(clients, loops.Unavailable);
        Assert.All(host.Invocations, static invocation => Assert.True(invocation.Succeeded));
        Assert.DoesNotContain("The host kills it", host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_worker_is_replaced_and_new_sessions_work()
    {
        await using var host = await FunctionsHostProcess.StartAsync([]);
        using var client = new FleetClient(host.Endpoint, _limit.Token);
        await client.InitializeAsync();
        using var call = await client.CallAsync(null, 1, "count", """{"ticket":"lost","n":1000,"pauseMs":200}""");

        using (var worker = Process.GetProcessById(host.Workers[0]))
        {
            worker.Kill();
        }

        await Assert.ThrowsAnyAsync<Exception>(() => client.AnswerAsync(call, 1));
        await host.LoggedAsync(static host => host.Workers.Count == 2);
        using var again = new FleetClient(host.Endpoint, _limit.Token);
        await again.InitializeAsync();
        Assert.Equal("alive", await again.TextAsync(null, 2, "echo", """{"text":"alive"}"""));
        // The session was in the memory of the worker. Without a table, a session ends with its process.
        using var gone = await client.CallAsync(null, 3, "echo", """{"text":"x"}""");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Worker_exits_when_its_host_was_killed()
    {
        await using var host = await FunctionsHostProcess.StartAsync([]);
        using var client = new FleetClient(host.Endpoint, _limit.Token);
        await client.InitializeAsync();
        using var call = await client.CallAsync(null, 1, "count", """{"ticket":"orphan","n":1000,"pauseMs":200}""");
        using var worker = Process.GetProcessById(host.Workers[0]);

        host.Kill();

        await worker.WaitForExitAsync(_limit.Token);
    }

    /// <returns>The text of the result, or null if the stream was interrupted.</returns>
    private async Task<string?> CountSlowlyAsync(FunctionsHostProcess host)
    {
        using var client = new FleetClient(host.Endpoint, _limit.Token);
        await client.InitializeAsync();
        try
        {
            return await client.TextAsync(null, 1, "count", """{"ticket":"slow","n":1,"pauseMs":20000}""");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidOperationException)
        {
            return null;
        }
    }
}
