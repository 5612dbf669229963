using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using RemoteMcp.Sessions;
using RemoteMcp.Storage;
using RemoteMcp.Testing.Sessions;
using RemoteMcp.Tests.Storage;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions;

/// <summary>Tests a server whose storage completes a request but reports a failure, or is unavailable for a moment.</summary>
public sealed class LostAnswerTests : IAsyncLifetime
{
    private readonly ControlledStore _store = new(new MemoryStateStore(TimeProvider.System));
    private readonly WireClient _client = new();
    private InProcessFleet _fleet = null!;
    private int _losses;

    private Uri A => _fleet.Urls[0];

    private Uri B => _fleet.Urls[1];

    public async ValueTask InitializeAsync()
    {
        _fleet = await InProcessFleet.StartAsync(2, _store, Cancellation,
            ("RemoteMcp:Http:ShutdownGrace", "00:00:00.2"), ("RemoteMcp:Sessions:EventFlush", "00:00:00.1"),
            ("RemoteMcp:Fleet:DeliveryTimeout", "00:00:30"), ("RemoteMcp:Fleet:PollIdle", "00:00:00.05"));
        await _client.InitializeAsync(A);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _fleet.DisposeAsync();
    }

    [Fact]
    public async Task A_notification_is_delivered_once_when_deleting_its_message_fails()
    {
        await _client.TextAsync(B, 1, "echo", """{"text":"known on B"}""");
        using var stream = await _client.GetAsync(A);
        await using var events = ReadAsync(stream).GetAsyncEnumerator(Cancellation);
        Assert.True(await events.MoveNextAsync());
        _store.Before = (request, _) =>
            request == "DELETE Inbox" && IsFirst() ? ControlledStore.Down(request, default) : Task.CompletedTask;

        await RaiseOnBAsync("one");
        await RaiseOnBAsync("two");

        Assert.Equal(1, _losses);
        Assert.Equal("one", await NextAsync(events));
        Assert.Equal("two", await NextAsync(events));
    }

    [Fact]
    public async Task Later_events_are_delivered_after_the_response_to_a_write_was_lost()
    {
        _store.After = (request, _) => request == "COMMIT Events" && IsFirst()
            ? throw new StateUnavailableException("The response was lost.", TimeSpan.FromSeconds(1))
            : Task.CompletedTask;
        string last;
        using (var call = await _client.CallAsync(A, 1, "count", """{"n":6,"pauseMs":150}"""))
        {
            last = (await ReadAsync(call).FirstAsync(static e => e.Id is not null, Cancellation)).Id!;
        }

        using var resumed = await _client.GetAsync(B, last);
        var messages = await ReadAsync(resumed).Select(static e => e.Message!).ToListAsync(Cancellation);

        Assert.Equal(1, _losses);
        Assert.Equal([1, 2, 3, 4, 5, 6], messages.SkipLast(1).Select(static message => message["params"]!["progress"]!.GetValue<int>()));
        Assert.Equal("counted 6", Text(messages[^1]));
    }

    private bool IsFirst() => Interlocked.CompareExchange(ref _losses, 1, 0) == 0;

    private async Task RaiseOnBAsync(string data)
    {
        Assert.True(_fleet.Service<LiveSessions>(1).TryGet(_client.InternalSessionId, out var session));
        await session.Server.SendMessageAsync(
            new JsonRpcNotification { Method = "notifications/message", Params = new JsonObject { ["level"] = "info", ["data"] = data } },
            Cancellation);
    }

    private static async Task<string> NextAsync(IAsyncEnumerator<(string? Id, JsonNode? Message)> events)
    {
        while (await events.MoveNextAsync())
        {
            if (events.Current.Message?["params"]?["data"] is { } data)
            {
                return data.GetValue<string>();
            }
        }

        throw new InvalidOperationException("The stream ended without the notification.");
    }
}
