using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Fleet;
using RemoteMcp.Storage;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Sessions;
using RemoteMcp.Tests.Storage;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions;

/// <summary>
/// Tests which requests work while the state storage is slow, throttles, or is down, and that all requests work afterwards.
/// </summary>
public sealed class StorageOutageTests : IAsyncLifetime
{
    private readonly ControlledStore _store = new(new MemoryStateStore(TimeProvider.System));
    private readonly WireClient _client = new();
    private InProcessFleet _fleet = null!;

    private Uri A => _fleet.Urls[0];

    private Uri B => _fleet.Urls[1];

    public async ValueTask InitializeAsync()
    {
        _fleet = await InProcessFleet.StartAsync(2, _store, Cancellation,
            ("RemoteMcp:Http:ShutdownGrace", "00:00:00.2"), ("RemoteMcp:Fleet:Lease", "00:00:03"),
            ("RemoteMcp:Fleet:PollIdle", "00:00:00.05"),
            ("RemoteMcp:Fleet:DeliveryTimeout", "00:00:30"));
        await _client.InitializeAsync(A);
    }

    public async ValueTask DisposeAsync()
    {
        _store.Before = null;
        _client.Dispose();
        await _fleet.DisposeAsync();
    }

    [Fact]
    public async Task Initialize_gets_503_with_Retry_After()
    {
        _store.Before = ControlledStore.Down;
        using var other = new WireClient();
        await AssertUnavailableAsync(await BeginAsync(other));
        _store.Before = null;
        await other.InitializeAsync(A);
    }

    [Fact]
    public async Task A_session_that_is_not_in_memory_gets_503_instead_of_404()
    {
        await LearnSecretAsync(B);
        _store.Before = ControlledStore.Down;
        await AssertUnavailableAsync(await _client.CallAsync(B, 1, "echo", """{"text":"x"}"""));
        await AssertUnavailableAsync(await _client.GetAsync(B));
        await AssertUnavailableAsync(await _client.DeleteAsync(B));
        _store.Before = null;
        Assert.Equal("x", await _client.TextAsync(B, 2, "echo", """{"text":"x"}"""));
    }

    [Fact]
    public async Task An_instance_without_the_secret_returns_503()
    {
        _store.Before = ControlledStore.Down;
        await AssertUnavailableAsync(await _client.CallAsync(B, 1, "echo", """{"text":"x"}"""));
    }

    [Fact]
    public async Task A_session_in_memory_continues_to_work()
    {
        _store.Before = ControlledStore.Down;
        for (var i = 1; i <= 10; i++)
        {
            Assert.Equal("x", await _client.TextAsync(A, i, "echo", """{"text":"x"}"""));
        }

        Assert.Equal("counted 3", await _client.TextAsync(A, 11, "count", """{"n":3,"pauseMs":1}"""));
    }

    [Fact]
    public async Task A_prompt_can_be_answered_on_the_instance_that_runs_the_call()
    {
        _store.Before = ControlledStore.Down;
        using var call = await _client.CallAsync(A, 1, "ask", """{"question":"?"}""");
        await foreach (var (_, message) in ReadAsync(call))
        {
            if (message?["method"]?.GetValue<string>() == "elicitation/create")
            {
                using var answered = await _client.PostAsync(
                    A,
                    $$"""{"jsonrpc":"2.0","id":{{message["id"]!.ToJsonString()}},"result":"""
                        + """{"action":"accept","content":{"answer":"y"} } }""");
                Assert.Equal(HttpStatusCode.Accepted, answered.StatusCode);
            }
            else if (message?["id"] is not null)
            {
                Assert.Equal("? -> y", Text(message));
                return;
            }
        }

        Assert.Fail("The call did not get an answer.");
    }

    [Fact]
    public async Task Stateless_requests_continue_to_work()
    {
        _store.Before = ControlledStore.Down;
        Assert.Equal("x", await _client.StatelessTextAsync(A, "echo", """{"text":"x"}"""));
        Assert.Equal("x", await _client.StatelessTextAsync(B, "echo", """{"text":"x"}"""));
    }

    [Fact]
    public async Task A_log_level_that_cannot_be_stored_is_refused_and_not_applied_later()
    {
        _store.Before = ControlledStore.Down;
        await AssertUnavailableAsync(
            await _client.PostAsync(A, """{"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":"error"}}"""));
        _store.Before = null;
        Assert.Equal("none", await _client.TextAsync(B, 2, "level"));
    }

    [Fact]
    public async Task Readyz_reports_the_outage_and_healthz_stays_healthy()
    {
        using var http = new HttpClient { BaseAddress = A };
        await Eventually.IsTrueAsync(async () => await StatusAsync("/readyz") == HttpStatusCode.OK);
        _store.Before = ControlledStore.Down;
        await Eventually.IsTrueAsync(async () => await StatusAsync("/readyz") == HttpStatusCode.ServiceUnavailable);
        var body = JsonNode.Parse(await (await http.GetAsync("/readyz", Cancellation)).Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal("""{"status":"Unhealthy","checks":{"state":"Unhealthy"}}""", body.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/healthz"));
        _store.Before = null;
        await Eventually.IsTrueAsync(async () => await StatusAsync("/readyz") == HttpStatusCode.OK);

        async Task<HttpStatusCode> StatusAsync(string path)
        {
            using var response = await http.GetAsync(path, Cancellation);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Readyz_does_not_wait_for_storage_that_never_responds()
    {
        _store.Before = static (_, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);
        using var http = new HttpClient { BaseAddress = B };
        using var response = await http.GetAsync("/readyz", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    public async Task One_hundred_concurrent_readyz_requests_share_one_read()
    {
        // The time does not advance, so that all requests share one result, however long they take to arrive.
        await using var still = await InProcessFleet.StartAsync(
            1, _store, static services => services.AddSingleton<TimeProvider>(new FakeTimeProvider()), Cancellation);
        using var http = new HttpClient { BaseAddress = still.Urls[0] };
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.Before = (request, cancellationToken) =>
            request == "FIND Leases" ? gate.Task.WaitAsync(cancellationToken) : Task.CompletedTask;
        var asking = Enumerable.Range(0, 100).Select(_ => http.GetAsync("/readyz", Cancellation)).ToArray();
        await Eventually.IsTrueAsync(() => _store.Requests.Contains("FIND Leases"));
        gate.SetResult();
        Assert.All(await Task.WhenAll(asking), static response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Single(_store.Requests, "FIND Leases");
    }

    [Fact]
    public async Task Slow_storage_does_not_delay_requests_that_do_not_need_it()
    {
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.Before = (_, cancellationToken) => slow.Task.WaitAsync(cancellationToken);
        Assert.Equal("x", await _client.StatelessTextAsync(B, "echo", """{"text":"x"}"""));
        Assert.Equal("x", await _client.TextAsync(A, 1, "echo", """{"text":"x"}"""));
        // The server writes the remaining events before it stops.
        slow.SetResult();
    }

    [Fact]
    public async Task An_instance_that_lost_its_lease_takes_it_again()
    {
        var fleet = _fleet.Service<FleetMembership>(0);
        await Eventually.IsTrueAsync(async () => await fleet.FindAsync(fleet.Id, Cancellation) is not null);
        var inner = _fleet.Service<FleetMembership>(1);
        // The lease ends as if the instance could not renew it in time.
        _store.Before = static (request, cancellationToken) =>
            request is "REPLACE Instances" or "INSERT Instances" ? ControlledStore.Down(request, cancellationToken) : Task.CompletedTask;
        await _store.DeleteAsync(new StateKey(FleetMembership.Table, "fleet", fleet.Id), Cancellation);
        Assert.Null(await inner.FindAsync(fleet.Id, Cancellation));
        _store.Before = null;
        await Eventually.IsTrueAsync(async () => await inner.FindAsync(fleet.Id, Cancellation) is not null);
        await AnswerFromElsewhereAsync();
    }

    [Fact]
    public async Task An_instance_survives_an_outage_when_its_last_session_leaves_memory()
    {
        await LearnSecretAsync(B);
        _store.Before = static (request, cancellationToken) =>
            request == "DELETE Instances" ? ControlledStore.Down(request, cancellationToken) : Task.CompletedTask;
        await _client.DeleteAsync(A);
        await Eventually.IsTrueAsync(() => _store.Requests.Contains("DELETE Instances"));
        _store.Before = null;
        _client.Session = null;
        await _client.InitializeAsync(A);
        await AnswerFromElsewhereAsync();
    }

    [Fact]
    public async Task Everything_works_again_after_the_outage()
    {
        Assert.Equal("x", await _client.TextAsync(B, 1, "echo", """{"text":"x"}"""));
        _store.Before = ControlledStore.Down;
        Assert.Equal("x", await _client.TextAsync(A, 2, "echo", """{"text":"x"}"""));
        Assert.Equal("x", await _client.TextAsync(B, 3, "echo", """{"text":"x"}"""));
        _store.Before = null;
        await AnswerFromElsewhereAsync();
        Assert.Equal(HttpStatusCode.OK, (await _client.DeleteAsync(B)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.CallAsync(A, 4, "echo")).StatusCode);
    }

    /// <summary>Answers a prompt of A on B. This works only if A reads its inbox.</summary>
    private async Task AnswerFromElsewhereAsync()
    {
        using var call = await _client.CallAsync(A, 50, "ask", """{"question":"?"}""");
        await foreach (var (_, message) in ReadAsync(call))
        {
            if (message?["method"]?.GetValue<string>() == "elicitation/create")
            {
                using var answered = await _client.PostAsync(
                    B,
                    $$"""{"jsonrpc":"2.0","id":{{message["id"]!.ToJsonString()}},"result":"""
                        + """{"action":"accept","content":{"answer":"y"} } }""");
                Assert.Equal(HttpStatusCode.Accepted, answered.StatusCode);
            }
            else if (message?["id"] is not null)
            {
                Assert.Equal("? -> y", Text(message));
                return;
            }
        }
    }

    private static async Task LearnSecretAsync(Uri url)
    {
        using var other = new WireClient { Session = "made.up" };
        Assert.Equal(HttpStatusCode.NotFound, (await other.CallAsync(url, 1, "echo")).StatusCode);
    }

    private Task<HttpResponseMessage> BeginAsync(WireClient client) => client.PostAsync(
        A,
        """{"jsonrpc":"2.0","id":"init","method":"initialize","params":"""
            + """{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"wire","version":"1"} } }""");

    private static async Task AssertUnavailableAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter?.Delta);
        Assert.NotNull(JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["error"]!["message"]);
        response.Dispose();
    }
}
