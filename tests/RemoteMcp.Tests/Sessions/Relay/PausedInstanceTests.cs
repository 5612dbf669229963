using System.Net;
using System.Net.ServerSentEvents;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.Fleet;
using RemoteMcp.Storage;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Sessions;
using RemoteMcp.Tests.Storage;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions.Relay;

/// <summary>Tests what clients see while one instance is paused, or is cut off from a storage that works.</summary>
public sealed class PausedInstanceTests : IAsyncLifetime
{
    private readonly MemoryStateStore _shared = new(TimeProvider.System);
    private readonly TaskCompletionSource _resumes = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ControlledStore[] _stores;
    private readonly WireClient _client = new();
    private InProcessFleet _fleet = null!;

    public PausedInstanceTests() => _stores = [new(_shared), new(_shared)];

    private Uri A => _fleet.Urls[0];

    private Uri B => _fleet.Urls[1];

    private FleetMembership OfA => _fleet.Service<FleetMembership>(0);

    public async ValueTask InitializeAsync()
    {
        var started = 0;
        _fleet = await InProcessFleet.StartAsync(
            2, _shared, services => services.AddSingleton<IStateStore>(_stores[started++]), Cancellation,
            ("RemoteMcp:Http:ShutdownGrace", "00:00:00.2"), ("RemoteMcp:Fleet:DeliveryTimeout", "00:00:01"),
            ("RemoteMcp:Fleet:Lease", "00:00:03"));
    }

    public async ValueTask DisposeAsync()
    {
        _resumes.TrySetResult();
        _stores[0].Before = null;
        _client.Dispose();
        await _fleet.DisposeAsync();
    }

    [Fact]
    public async Task An_answer_waits_for_an_instance_whose_lease_has_lapsed()
    {
        await _client.InitializeAsync(A);
        using var call = await _client.CallAsync(A, 1, "ask", """{"question":"Name?"}""");
        await using var events = ReadAsync(call).GetAsyncEnumerator(Cancellation);
        var prompt = await NextRequestAsync(events);
        await CutOffAsync();

        var answering = _client.AnswerPromptAsync(B, prompt, "Ada");
        await Eventually.IsTrueAsync(async () => answering.IsCompleted || await HasMessageAsync());
        Reconnect();

        Assert.Equal(HttpStatusCode.Accepted, await answering);
        Assert.Equal("Name? -> Ada", await TextOfAnswerAsync(events, 1));
    }

    [Fact]
    public async Task An_answer_that_got_503_can_be_sent_again_and_counts_once()
    {
        await _client.InitializeAsync(A);
        using var call = await _client.CallAsync(A, 1, "ask", """{"question":"Name?"}""");
        await using var events = ReadAsync(call).GetAsyncEnumerator(Cancellation);
        var prompt = await NextRequestAsync(events);
        await CutOffAsync();

        using var first = await _client.PostAsync(
            B, $$"""{"jsonrpc":"2.0","id":{{prompt["id"]!.ToJsonString()}},"result":{"action":"accept","content":{"answer":"Ada"} } }""");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, first.StatusCode);
        Assert.NotNull(first.Headers.RetryAfter);
        Reconnect();

        Assert.Equal(HttpStatusCode.Accepted, await _client.AnswerPromptAsync(B, prompt, "Ada"));
        Assert.Equal(HttpStatusCode.Accepted, await _client.AnswerPromptAsync(B, prompt, "Bob"));
        Assert.Equal("Name? -> Ada", await TextOfAnswerAsync(events, 1));
    }

    [Fact]
    public async Task A_cancellation_reaches_an_instance_whose_lease_has_lapsed()
    {
        await _client.InitializeAsync(A);
        using var call = await _client.CallAsync(A, 1, "hold");
        await _fleet.Rendezvous.Entered.WaitAsync(Cancellation);
        await CutOffAsync();

        using var cancelled = await _client.PostAsync(
            B, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");
        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        Reconnect();

        await _fleet.Rendezvous.Cancelled.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
    }

    [Fact]
    public async Task A_message_of_HTTP_SSE_that_was_not_accepted_is_not_executed_later()
    {
        using var http = new HttpClient();
        await using var stream = await http.GetStreamAsync(new Uri(A, "/mcp/sse"), Cancellation);
        var endpoint = await SseParser.Create(stream).EnumerateAsync(Cancellation).FirstAsync(Cancellation);
        // The instance is paused right after it has read the message.
        _stores[0].After = async (request, _) =>
        {
            if (request == "QUERY Inbox" && await HasMessageAsync())
            {
                await _resumes.Task;
            }
        };

        using var call = new StringContent(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"hold","arguments":{} } }""",
            Encoding.UTF8,
            "application/json");
        using var response = await http.PostAsync(new Uri(B, endpoint.Data), call, Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        _stores[0].After = null;
        _resumes.SetResult();

        var polls = _stores[0].Requests.Count(static request => request == "QUERY Inbox");
        await Eventually.IsTrueAsync(() => _stores[0].Requests.Count(static request => request == "QUERY Inbox") > polls + 2);
        Assert.False(_fleet.Rendezvous.Entered.IsCompleted);
    }

    /// <summary>Cuts A off from the storage, for so long that its lease has lapsed.</summary>
    private async Task CutOffAsync()
    {
        _stores[0].Before = (_, cancellationToken) => _resumes.Task.WaitAsync(cancellationToken);
        var key = new StateKey(FleetMembership.Table, "fleet", OfA.Id);
        await _shared.DeleteAsync(key, Cancellation);
        await _shared.TryInsertAsync(
            key, InstanceLease.Body, DateTimeOffset.UtcNow + InstanceLease.KeptAfterEnd - TimeSpan.FromSeconds(1), Cancellation);
    }

    private void Reconnect()
    {
        _stores[0].Before = null;
        _resumes.SetResult();
    }

    private async Task<bool> HasMessageAsync() =>
        await _shared.QueryAsync(Inbox.Table, OfA.Id, default, Cancellation).AnyAsync(Cancellation);
}
