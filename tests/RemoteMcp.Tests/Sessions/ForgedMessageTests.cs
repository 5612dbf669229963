using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Fleet;
using RemoteMcp.Storage;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Sessions;
using RemoteMcp.Tests.Auth.Cloud;
using RemoteMcp.Tests.DataProtection;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions;

/// <summary>Tests messages in the inbox that no instance of the fleet signed.</summary>
public sealed class ForgedMessageTests
{
    private readonly StateKey _key;
    private static readonly InboxMessage s_message =
        new(InboxKind.Deliver, "session", Payload: """{"jsonrpc":"2.0"}""", Claims: [["oid", "adele"]]);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly MemoryStateStore _store;

    public ForgedMessageTests()
    {
        _store = new MemoryStateStore(_time);
        _key = new StateKey(
            Inbox.Table, "0123456789abcdef", $"{_time.GetUtcNow().UtcTicks:D19}-fedcba9876543210-000000000001");
    }

    [Fact]
    public async Task Forged_row_is_not_handled_and_the_session_continues()
    {
        var store = new MemoryStateStore(TimeProvider.System);
        await using var fleet = await InProcessFleet.StartAsync(2, store, Cancellation);
        using var client = new WireClient();
        await client.InitializeAsync(fleet.Urls[0]);
        var key = new StateKey(Inbox.Table, fleet.Service<FleetMembership>(0).Id, "0000000000000000001-fedcba9876543210-000000000001");
        var forged = $$"""{"Kind":"SessionEnded","Session":"{{client.InternalSessionId}}"}""";

        Assert.NotNull(await store.TryInsertAsync(
            key, BinaryData.FromString(forged), DateTimeOffset.UtcNow.AddMinutes(1), Cancellation));

        await Eventually.IsTrueAsync(async () => (await store.FindAsync(key, Cancellation))?.Body.ToString() == "\"not handled\"");
        using var answer = await client.CallAsync(fleet.Urls[0], 1, "echo", """{"text":"still here"}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Signed_message_is_read_by_another_instance()
    {
        using var sender = new FleetInstance(_store);
        using var receiver = new FleetInstance(_store);
        var row = await RowAsync(Messages(sender));

        var read = await Messages(receiver).TryReadAsync(row, Cancellation);

        Assert.Equal((s_message.Kind, s_message.Session, s_message.Payload), (read!.Kind, read.Session, read.Payload));
        Assert.Equal(["oid", "adele"], Assert.Single(read.Claims!));
    }

    [Fact]
    public async Task Message_with_any_altered_byte_is_refused()
    {
        using var instance = new FleetInstance(_store);
        var messages = Messages(instance);
        var row = await RowAsync(messages);
        var body = row.Body.ToArray();

        for (var i = 0; i < body.Length; i++)
        {
            var altered = body.ToArray();
            altered[i] ^= 1;
            // The quotation mark and the comma after the signature have no meaning.
            if (i is not (45 or 46))
            {
                Assert.Null(await messages.TryReadAsync(row with { Body = BinaryData.FromBytes(altered) }, Cancellation));
            }
        }
    }

    [Fact]
    public async Task Message_that_is_moved_or_kept_longer_is_refused()
    {
        using var instance = new FleetInstance(_store);
        var messages = Messages(instance);
        var row = await RowAsync(messages);

        Assert.NotNull(await messages.TryReadAsync(row, Cancellation));
        Assert.Null(await messages.TryReadAsync(row with { Key = _key with { Partition = "fedcba9876543210" } }, Cancellation));
        Assert.Null(await messages.TryReadAsync(row with { Key = _key with { Row = _key.Row[..^1] + "2" } }, Cancellation));
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.Null(await messages.TryReadAsync(row with { ExpiresAt = _time.GetUtcNow().AddMinutes(1) }, Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("[\"\"]")]
    [InlineData("[\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"]")]
    [InlineData("[\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",{\"Kind\":\"Broadcast\",\"Session\":\"\"}]")]
    [InlineData("{\"Kind\":\"Broadcast\",\"Session\":\"\"}")]
    public async Task Body_without_a_valid_signature_is_refused(string body)
    {
        using var instance = new FleetInstance(_store);

        Assert.Null(await Messages(instance).TryReadAsync(
            new StateRow(_key, BinaryData.FromString(body), "etag", _time.GetUtcNow()), Cancellation));
    }

    [Fact]
    public async Task Message_of_another_fleet_is_refused()
    {
        using var other = new FleetInstance(new MemoryStateStore(_time));
        using var instance = new FleetInstance(_store);

        Assert.Null(await Messages(instance).TryReadAsync(await RowAsync(Messages(other)), Cancellation));
    }

    [Fact]
    public async Task Many_forged_rows_cause_one_log_line_a_minute()
    {
        using var log = new LogLines();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(log));
        using var instance = new FleetInstance(_store);
        var messages = Messages(instance, factory.CreateLogger<SignedMessages>());
        var forged = new StateRow(_key, BinaryData.FromBytes(Encoding.UTF8.GetBytes("{}")), "etag", _time.GetUtcNow());

        for (var i = 0; i < 100; i++)
        {
            await messages.TryReadAsync(forged, Cancellation);
        }

        Assert.StartsWith("Warning RemoteMcp.Fleet.SignedMessages: 1 messages", Assert.Single(log.Lines), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(1));
        await messages.TryReadAsync(forged, Cancellation);
        Assert.Equal(2, log.Lines.Count);
        Assert.Contains(": 100 messages", log.Lines[1], StringComparison.Ordinal);
    }

    private SignedMessages Messages(FleetInstance instance, ILogger<SignedMessages>? logger = null) =>
        new(instance.Secrets, _time, logger ?? Microsoft.Extensions.Logging.Abstractions.NullLogger<SignedMessages>.Instance);

    private async Task<StateRow> RowAsync(SignedMessages messages)
    {
        var expiresAt = _time.GetUtcNow().AddSeconds(8);
        return new StateRow(_key, await messages.SignAsync(_key, s_message, Cancellation), "etag", expiresAt);
    }
}
