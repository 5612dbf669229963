using RemoteMcp.Fleet;
using RemoteMcp.Storage;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions.Relay;

/// <summary>Tests that a message is either withdrawn by its sender or handled by its receiver, and never both.</summary>
public sealed class ClaimTests : IDisposable
{
    private readonly AutoAdvancingTime _time = new();
    private readonly InboxHost _sender;
    private readonly InboxHost _receiver;

    public ClaimTests()
    {
        var shared = new MemoryStateStore(_time);
        (_sender, _receiver) = (new InboxHost(shared, _time), new InboxHost(shared, _time));
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_instance_that_was_paused_after_its_read_does_not_handle_a_withdrawn_message(int messages)
    {
        await _receiver.Membership.EnsureLeaseAsync(Cancellation);
        List<StateRow> read = [];
        var sending = Enumerable.Range(0, messages).Select(i => SendAsync($"{i}")).ToArray();
        _sender.Store.Before = async (request, _) =>
        {
            if (request == "FIND Inbox" && read.Count < messages)
            {
                read = await _receiver.Rows.ReadAsync(Cancellation);
            }
        };

        Assert.All(await Task.WhenAll(sending), static delivery => Assert.Equal(Delivery.TimedOut, delivery));
        Assert.Equal(messages, read.Count);
        Assert.Empty(await _receiver.Received.ReceiveAsync(read, Cancellation));
    }

    [Fact]
    public async Task A_withdrawn_message_does_not_keep_others_from_being_claimed()
    {
        await _receiver.Membership.EnsureLeaseAsync(Cancellation);
        var (withdrawn, etag) = await InsertAsync("withdrawn");
        await InsertAsync("other");
        var read = await _receiver.Rows.ReadAsync(Cancellation);
        Assert.True(await _sender.Rows.TryWithdrawAsync(withdrawn, etag!, Cancellation));

        var claimed = await _receiver.Received.ReceiveAsync(read, Cancellation);

        Assert.Equal("other", Assert.Single(claimed).Message!.Session);
    }

    [Fact]
    public async Task A_claimed_message_cannot_be_withdrawn()
    {
        await _receiver.Membership.EnsureLeaseAsync(Cancellation);
        _sender.Store.Before = async (request, _) =>
        {
            if (request == "FIND Inbox")
            {
                await _receiver.Received.ReceiveAsync(await _receiver.Rows.ReadAsync(Cancellation), Cancellation);
            }
        };

        Assert.Equal(Delivery.Unknown, await SendAsync("session"));
        Assert.Equal("session", Assert.Single(await _receiver.PollAsync(Cancellation)).Message!.Session);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_claim_whose_response_was_lost_is_continued(int messages)
    {
        for (var i = 0; i < messages; i++)
        {
            await InsertAsync($"{i}");
        }

        _receiver.Store.After = static (request, _) => request is "REPLACE Inbox" or "COMMIT Inbox"
            ? throw new StateUnavailableException("The response was lost.", TimeSpan.FromSeconds(1))
            : Task.CompletedTask;
        await Assert.ThrowsAsync<StateUnavailableException>(() => _receiver.PollAsync(Cancellation));
        _receiver.Store.After = null;

        var handled = await _receiver.PollAsync(Cancellation);

        Assert.Equal(Enumerable.Range(0, messages).Select(static i => $"{i}"), handled.Select(static each => each.Message!.Session));
    }

    [Fact]
    public async Task Several_messages_are_claimed_in_one_transaction()
    {
        await _receiver.Membership.EnsureLeaseAsync(Cancellation);
        for (var i = 0; i < InboxRows.PageSize; i++)
        {
            await InsertAsync($"{i}");
        }

        var read = await _receiver.Rows.ReadAsync(Cancellation);
        _receiver.Store.Forget();
        Assert.Equal(InboxRows.PageSize, (await _receiver.Received.ReceiveAsync(read, Cancellation)).Count);
        Assert.Equal(["COMMIT Inbox"], _receiver.Store.Requests);
    }

    [Fact]
    public async Task A_message_that_nobody_withdraws_is_not_claimed()
    {
        await _receiver.Membership.EnsureLeaseAsync(Cancellation);
        await _sender.Inbox.EnqueueAsync(_receiver.Id, new InboxMessage(InboxKind.SessionEnded, "session"), Cancellation);

        Assert.Single(await _receiver.PollAsync(Cancellation));
        Assert.DoesNotContain("REPLACE Inbox", _receiver.Store.Requests);
    }

    [Theory]
    [InlineData(false, nameof(ReceivedResult.Refused), nameof(Delivery.Refused))]
    [InlineData(true, nameof(ReceivedResult.Refused), nameof(Delivery.Refused))]
    [InlineData(false, nameof(ReceivedResult.NotHandled), nameof(Delivery.TimedOut))]
    [InlineData(true, nameof(ReceivedResult.NotHandled), nameof(Delivery.TimedOut))]
    [InlineData(true, nameof(ReceivedResult.Failed), nameof(Delivery.Unknown))]
    public async Task A_refusal_or_a_failure_reaches_the_sender(bool claimed, string result, string expected)
    {
        await _receiver.Membership.EnsureLeaseAsync(Cancellation);
        _sender.Store.Before = async (request, _) =>
        {
            if (request != "FIND Inbox" || (await _receiver.Rows.ReadAsync(Cancellation)) is not [var row])
            {
                return;
            }

            if (claimed)
            {
                await _receiver.Rows.ClaimAsync([row], Cancellation);
            }

            await _receiver.Rows.ReportAsync(row, claimed, Enum.Parse<ReceivedResult>(result), Cancellation);
        };

        Assert.Equal(Enum.Parse<Delivery>(expected), await SendAsync("session"));
    }

    private Task<Delivery> SendAsync(string session) =>
        _sender.Inbox.SendUnrepeatableAsync(_receiver.Id, Message(session), Cancellation);

    private Task<(StateKey Key, string? ETag)> InsertAsync(string session) =>
        _sender.Rows.InsertAsync(_receiver.Id, Message(session) with { MustClaim = true }, Cancellation);

    private static InboxMessage Message(string session) => new(InboxKind.Deliver, session, Payload: "{}");
}
