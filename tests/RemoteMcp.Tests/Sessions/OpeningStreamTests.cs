using System.Globalization;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using RemoteMcp.Fleet;
using RemoteMcp.Sessions;
using RemoteMcp.Sessions.Notifications;
using RemoteMcp.Sessions.Streams;
using RemoteMcp.Storage;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Sessions;
using RemoteMcp.Tests.Storage;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions;

/// <summary>
/// Tests that a client gets notifications that are sent while its GET stream opens, moves to another instance, or ends.
/// </summary>
public sealed class OpeningStreamTests : IAsyncLifetime
{
    private readonly ControlledStore _store = new(new MemoryStateStore(TimeProvider.System));
    private readonly WireClient _client = new();
    private InProcessFleet _fleet = null!;

    public async ValueTask InitializeAsync()
    {
        _fleet = await InProcessFleet.StartAsync(
            3, _store, Cancellation, ("RemoteMcp:Http:ShutdownGrace", "00:00:00.2"), ("RemoteMcp:Fleet:DeliveryTimeout", "00:00:30"),
            ("RemoteMcp:Fleet:PollIdle", "00:00:00.05"));
        await _client.InitializeAsync(_fleet.Urls[0]);
        for (var i = 1; i < 3; i++)
        {
            await _client.TextAsync(_fleet.Urls[i], i, "echo", """{"text":"known here"}""");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _store.Before = null;
        _client.Dispose();
        await _fleet.DisposeAsync();
    }

    [Fact]
    public async Task A_notification_that_misses_a_moving_stream_is_sent_after_the_move()
    {
        using var old = await _client.GetAsync(_fleet.Urls[0]);
        await using var oldEvents = ReadAsync(old).GetAsyncEnumerator(Cancellation);
        Assert.True(await oldEvents.MoveNextAsync());
        var (claiming, waiting) = (new Gate(), new Gate());
        var inserts = 0;
        _store.Before = (request, cancellationToken) => request switch
        {
            // The first insert is the claim that the new instance sends to the old one. The second is the notification. It is refused,
            // because the new stream is not open yet.
            "INSERT Inbox" when Interlocked.Increment(ref inserts) == 1 => claiming.PassAsync(cancellationToken),
            "INSERT Events" => waiting.PassAsync(cancellationToken),
            _ => Task.CompletedTask,
        };
        var opening = _client.GetAsync(_fleet.Urls[1]);
        await claiming.Reached;
        var raising = RaiseAsync(2, "missed");
        await waiting.Reached;

        claiming.Open();
        using var stream = await opening;
        await using var events = ReadAsync(stream).GetAsyncEnumerator(Cancellation);
        Assert.True(await events.MoveNextAsync());
        await Eventually.IsTrueAsync(() => _store.Requests.Contains("QUERY Events"));
        waiting.Open();
        await raising;

        Assert.Equal("missed", await NextDataAsync(events));
    }

    [Fact]
    public async Task A_subscription_applies_to_a_stream_that_is_opening_on_another_instance()
    {
        var claiming = new Gate();
        _store.Before = (request, cancellationToken) =>
            request == "INSERT Sessions" ? claiming.PassAsync(cancellationToken) : Task.CompletedTask;
        var opening = _client.GetAsync(_fleet.Urls[1]);
        await claiming.Reached;
        using var subscribed = await _client.PostAsync(
            _fleet.Urls[0], """{"jsonrpc":"2.0","id":7,"method":"resources/subscribe","params":{"uri":"file:///watched"}}""");
        Assert.NotNull((await AnswerAsync(subscribed, 7))["result"]);
        claiming.Open();
        using var stream = await opening;
        await using var events = ReadAsync(stream).GetAsyncEnumerator(Cancellation);
        Assert.True(await events.MoveNextAsync());

        await _fleet.Service<ClientNotifier>(0).ResourceUpdatedAsync("file:///watched", Cancellation);

        Assert.True(await events.MoveNextAsync());
        Assert.Equal("notifications/resources/updated", (string?)events.Current.Message!["method"]);
    }

    [Fact]
    public async Task An_outdated_claim_does_not_end_the_newest_stream()
    {
        using var stream = await _client.GetAsync(_fleet.Urls[0]);
        await using var events = ReadAsync(stream).GetAsyncEnumerator(Cancellation);
        Assert.True(await events.MoveNextAsync());
        Assert.True(EventId.TryParse(events.Current.Id!, out var prime));
        var given = new InboxMessage(
            InboxKind.StreamClaimed, _client.InternalSessionId, Subject: (prime.Epoch - 1).ToString(CultureInfo.InvariantCulture));

        await _fleet.Service<Inbox>(1).SendAsync(_fleet.Service<FleetMembership>(0).Id, given, Cancellation);

        await RaiseAsync(0, "still here");
        Assert.Equal("still here", await NextDataAsync(events));
    }

    [Fact]
    public async Task An_event_that_is_still_being_written_is_replayed_on_another_instance()
    {
        var writing = new Gate();
        _store.Before = (request, cancellationToken) =>
            request == "COMMIT Events" ? writing.PassAsync(cancellationToken) : Task.CompletedTask;
        string prime;
        using (var stream = await _client.GetAsync(_fleet.Urls[0]))
        {
            await using var events = ReadAsync(stream).GetAsyncEnumerator(Cancellation);
            Assert.True(await events.MoveNextAsync());
            prime = events.Current.Id!;
            await RaiseAsync(0, "sent");
            Assert.Equal("sent", await NextDataAsync(events));
            await writing.Reached;
        }

        var before = _store.Requests.Count;
        var reopening = _client.GetAsync(_fleet.Urls[1], prime);
        // The old instance gets the claim, and confirms the end of its stream only after it has written all events.
        await Eventually.IsTrueAsync(() => _store.Requests.Skip(before).Count(static request => request == "FIND Inbox") > 2);
        writing.Open();

        using var reopened = await reopening;
        Assert.Equal("sent", await NextDataAsync(ReadAsync(reopened).GetAsyncEnumerator(Cancellation)));
    }

    [Fact]
    public async Task The_newest_of_concurrently_opened_streams_stays_open()
    {
        var streams = _fleet.Service<GetStreams>(0);
        var first = await streams.OpenAsync(_client.InternalSessionId, new(), Cancellation);
        var session = _client.InternalSessionId;
        var claims = _store.Requests.Count(static request => request == "REPLACE Sessions");
        Task<GetStream>[] opening = [streams.OpenAsync(session, new(), Cancellation), streams.OpenAsync(session, new(), Cancellation)];
        // Both wait for the first stream to end.
        await Eventually.IsTrueAsync(() => _store.Requests.Count(static request => request == "REPLACE Sessions") == claims + 2);
        await streams.CloseAsync(first);
        var opened = (await Task.WhenAll(opening)).OrderBy(static stream => stream.Epoch).ToList();

        Assert.False(opened[0].TrySend(Notification("to the older")));
        Assert.True(opened[1].TrySend(Notification("to the newer")));
        Assert.Same(opened[1], Assert.Single(streams.OpenStreams));
        foreach (var stream in opened)
        {
            await streams.CloseAsync(stream);
        }
    }

    [Fact]
    public async Task A_stream_survives_an_outage_while_it_reads_waiting_messages()
    {
        using var stream = await _client.GetAsync(_fleet.Urls[0]);
        await using var events = ReadAsync(stream).GetAsyncEnumerator(Cancellation);
        Assert.True(await events.MoveNextAsync());
        await Eventually.IsTrueAsync(() => _store.Requests.Contains("QUERY Events"));
        var looks = _store.Requests.Count(static request => request == "QUERY Events");
        _store.Before = static (request, cancellationToken) =>
            request == "QUERY Events" ? ControlledStore.Down(request, cancellationToken) : Task.CompletedTask;
        await _fleet.Service<Backlog>(1).AddAsync(_client.InternalSessionId, StreamEvent.Serialize(Notification("waits")), Cancellation);
        await _fleet.Service<Inbox>(1).EnqueueAsync(
            _fleet.Service<FleetMembership>(0).Id, new InboxMessage(InboxKind.StreamWaiting, _client.InternalSessionId), Cancellation);
        await Eventually.IsTrueAsync(() => _store.Requests.Count(static request => request == "QUERY Events") > looks);

        await RaiseAsync(0, "raised meanwhile");
        Assert.Equal("raised meanwhile", await NextDataAsync(events));
        _store.Before = null;

        Assert.Equal("waits", await NextDataAsync(events));
    }

    [Fact]
    public async Task Messages_that_a_stream_did_not_send_wait_for_the_next_stream()
    {
        var streams = _fleet.Service<GetStreams>(0);
        var stream = await streams.OpenAsync(_client.InternalSessionId, new(), Cancellation);
        Assert.True(stream.TrySend(Notification("taken")));
        await streams.CloseAsync(stream);

        using var next = await _client.GetAsync(_fleet.Urls[1]);

        Assert.Equal("taken", await NextDataAsync(ReadAsync(next).GetAsyncEnumerator(Cancellation)));
    }

    private async Task RaiseAsync(int instance, string data)
    {
        Assert.True(_fleet.Service<LiveSessions>(instance).TryGet(_client.InternalSessionId, out var session));
        await session.Server.SendMessageAsync(Notification(data), Cancellation);
    }

    private static JsonRpcNotification Notification(string data) =>
        new() { Method = "notifications/message", Params = new JsonObject { ["level"] = "info", ["data"] = data } };

    private static async Task<string> NextDataAsync(IAsyncEnumerator<(string? Id, JsonNode? Message)> events)
    {
        while (await events.MoveNextAsync())
        {
            if ((string?)events.Current.Message?["params"]?["data"] is { } data)
            {
                return data;
            }
        }

        throw new InvalidOperationException("The stream ended without the notification.");
    }

    /// <summary>Holds a request to the storage back.</summary>
    private sealed class Gate
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);

        public Task PassAsync(CancellationToken cancellationToken)
        {
            _reached.TrySetResult();
            return _open.Task.WaitAsync(cancellationToken);
        }

        public void Open() => _open.TrySetResult();
    }
}
