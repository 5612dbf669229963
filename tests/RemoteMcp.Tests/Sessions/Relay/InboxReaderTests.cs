using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.Fleet;
using RemoteMcp.Storage;
using RemoteMcp.Testing.Sessions;
using RemoteMcp.Tests.Storage;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions.Relay;

/// <summary>Tests that the messages of one session cannot keep an instance from the messages of the others and from its lease.</summary>
public sealed class InboxReaderTests : IAsyncLifetime
{
    private const int Messages = 5;

    private readonly ControlledStore _store = new(new MemoryStateStore(TimeProvider.System));
    private readonly StuckHandler _handler = new();
    private InProcessFleet _fleet = null!;

    public async ValueTask InitializeAsync() => _fleet = await InProcessFleet.StartAsync(
        2,
        _store,
        services => services.AddSingleton<IInboxHandler>(_handler),
        Cancellation,
        ("RemoteMcp:Http:ShutdownGrace", "00:00:00.2"),
        ("RemoteMcp:Fleet:Lease", "00:00:03"),
        ("RemoteMcp:Fleet:DeliveryTimeout", "00:00:10"));

    public async ValueTask DisposeAsync()
    {
        _store.Before = null;
        await _fleet.DisposeAsync();
    }

    [Fact]
    public async Task Stuck_messages_of_a_session_share_one_time_limit()
    {
        var (receiver, sender) = (_fleet.Service<FleetMembership>(0), _fleet.Service<Inbox>(1));
        ReadInOnePoll(Messages);
        using var demand = _fleet.Service<PollingDemand>(0).Acquire(urgent: true);
        await receiver.EnsureLeaseAsync(Cancellation);

        var results = await Task.WhenAll(Enumerable.Range(0, Messages).Select(_ => sender.SendAsync(
            receiver.Id, new InboxMessage(InboxKind.Deliver, StuckHandler.Session, null, "{}", null), Cancellation)));

        // Only the first message was begun. Nobody learns that the session has ended.
        Assert.Equal(1, results.Count(static result => result == Delivery.Unknown));
        Assert.Equal(Messages - 1, results.Count(static result => result == Delivery.TimedOut));
        Assert.Equal(1, _handler.Calls);
    }

    [Fact]
    public async Task Message_that_stays_is_handled_after_a_stuck_message()
    {
        var receiver = _fleet.Service<FleetMembership>(0);
        using var demand = _fleet.Service<PollingDemand>(0).Acquire(urgent: true);
        await receiver.EnsureLeaseAsync(Cancellation);
        var inbox = _fleet.Service<Inbox>(1);
        ReadInOnePoll(2);
        await inbox.EnqueueAsync(receiver.Id, new InboxMessage(InboxKind.Deliver, StuckHandler.Session, Payload: "{}"), Cancellation);
        await inbox.EnqueueAsync(
            receiver.Id, new InboxMessage(InboxKind.Deliver, StuckHandler.Session, Payload: StuckHandler.Second), Cancellation);

        await _handler.Reached.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
    }

    [Fact]
    public async Task A_handler_that_throws_does_not_refuse_its_message()
    {
        var receiver = _fleet.Service<FleetMembership>(0);
        using var demand = _fleet.Service<PollingDemand>(0).Acquire(urgent: true);
        await receiver.EnsureLeaseAsync(Cancellation);

        var result = await _fleet.Service<Inbox>(1).SendAsync(
            receiver.Id, new InboxMessage(InboxKind.Deliver, StuckHandler.Throws, null, "{}", null), Cancellation);

        Assert.Equal(Delivery.Unknown, result);
    }

    // Lets the instance read its inbox only before the first and after the last of the messages.
    private void ReadInOnePoll(int messages)
    {
        var inserted = 0;
        var all = new TaskCompletionSource();
        _store.After = (request, _) =>
        {
            if (request == "INSERT Inbox" && Interlocked.Increment(ref inserted) == messages)
            {
                all.SetResult();
            }

            return Task.CompletedTask;
        };
        _store.Before = (request, cancellationToken) =>
            request == "QUERY Inbox" && Volatile.Read(ref inserted) > 0 ? all.Task.WaitAsync(cancellationToken) : Task.CompletedTask;
    }

    private sealed class StuckHandler : IInboxHandler
    {
        public const string Session = "stuck";
        public const string Throws = "throws";
        public const string Second = "second";

        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _calls;

        /// <summary>Gets a task that completes when the handler gets the message <see cref="Second"/>.</summary>
        public Task Reached => _reached.Task;

        public int Calls => Volatile.Read(ref _calls);

        public async ValueTask<bool> TryHandleAsync(InboxMessage message, CancellationToken cancellationToken)
        {
            if (message.Session == Throws)
            {
                throw new InvalidOperationException("The handler failed halfway.");
            }

            if (message is { Session: Session, Payload: Second })
            {
                _reached.TrySetResult();
                return true;
            }

            if (message.Session == Session)
            {
                Interlocked.Increment(ref _calls);
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }

            return false;
        }
    }
}
