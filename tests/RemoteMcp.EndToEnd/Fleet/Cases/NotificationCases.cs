using Xunit;

namespace RemoteMcp.EndToEnd.Fleet.Cases;

/// <summary>Tests that notifications without a related call reach the GET stream of the session on any instance.</summary>
public abstract class NotificationCases(StartedFleets fleets, FleetKind kind) : FleetCase(fleets, kind)
{
    [Fact]
    public async Task Case_4_a_notification_of_one_instance_reaches_the_stream_of_another()
    {
        using var stream = await Client.GetAsync(A);
        await using var events = Open(stream);
        Assert.True(await events.MoveNextAsync());

        await RaiseAsync(B, 1, "one");
        await RaiseAsync(A, 2, "two");

        Assert.Equal(["one", "two"], await TakeAsync(events, 2));
    }

    [Fact]
    public async Task Case_5_the_newest_stream_claims_the_session_and_replay_is_in_order()
    {
        using var first = await Client.GetAsync(A);
        await using var onA = Open(first);
        Assert.True(await onA.MoveNextAsync());
        await RaiseAsync(A, 1, "1");
        await RaiseAsync(A, 2, "2");
        Assert.True(await onA.MoveNextAsync());
        var last = onA.Current.Id!;
        Assert.Equal(["2"], await TakeAsync(onA, 1));

        using var second = await Client.GetAsync(B, last);
        await using var onB = Open(second);
        Assert.Equal(["2"], await TakeAsync(onB, 1));
        await RaiseAsync(A, 3, "3");

        Assert.Equal(["3"], await TakeAsync(onB, 1));
        Assert.False(await onA.MoveNextAsync());
    }

    [Fact]
    public async Task Case_5_a_dropped_stream_is_reopened_on_the_same_instance_and_misses_nothing()
    {
        string last;
        using (var first = await Client.GetAsync(A))
        {
            await using var events = Open(first);
            Assert.True(await events.MoveNextAsync());
            last = events.Current.Id!;
        }

        using var second = await Client.GetAsync(A, last);
        await using var reopened = Open(second);
        Assert.True(await reopened.MoveNextAsync());
        await RaiseAsync(B, 1, "after the drop");

        Assert.Equal(["after the drop"], await TakeAsync(reopened, 1));
    }

    [Fact]
    public async Task Case_6_update_of_a_subscribed_resource_reaches_the_stream_of_a_third_instance()
    {
        using var stream = await Client.GetAsync(C);
        await using var events = Open(stream);
        Assert.True(await events.MoveNextAsync());
        await AskAsync(A, 1, "resources/subscribe", """{"uri":"test://watched-resource"}""");

        await Client.TextAsync(B, 2, "touch", """{"uri":"test://nobody-watches"}""");
        await Client.TextAsync(B, 3, "touch", """{"uri":"test://watched-resource"}""");

        var updated = await events.NextAsync(static each => each.Method is not null);
        Assert.Equal("notifications/resources/updated", updated.Method);
        Assert.Equal("test://watched-resource", (string?)updated.Message!["params"]!["uri"]);
    }

    [Theory]
    [InlineData("tools")]
    [InlineData("prompts")]
    [InlineData("resources")]
    public async Task Case_6_list_change_on_one_instance_reaches_the_stream_of_another(string list)
    {
        using var stream = await Client.GetAsync(C);
        await using var events = Open(stream);
        Assert.True(await events.MoveNextAsync());

        await Client.TextAsync(B, 1, "change_list", $$"""{"list":"{{list}}"}""");

        Assert.Equal($"notifications/{list}/list_changed", (await events.NextAsync(static each => each.Method is not null)).Method);
    }
}

/// <inheritdoc/>
public sealed class NotificationCaseTests(StartedFleets fleets) : NotificationCases(fleets, FleetKind.Serve);

/// <inheritdoc/>
public sealed class FunctionsNotificationCaseTests(StartedFleets fleets) : NotificationCases(fleets, FleetKind.Functions);
