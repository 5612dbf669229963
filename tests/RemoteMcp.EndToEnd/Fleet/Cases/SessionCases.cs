using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace RemoteMcp.EndToEnd.Fleet.Cases;

/// <summary>Tests that every instance knows the state of a session and knows when the session has ended.</summary>
public abstract class SessionCases(StartedFleets fleets, FleetKind kind) : FleetCase(fleets, kind)
{
    [Fact]
    public async Task Case_6_a_log_level_set_on_one_instance_is_known_on_the_other()
    {
        await Client.TextAsync(B, 1, "echo", """{"text":"in memory on B"}""");

        await AskAsync(A, 2, "logging/setLevel", """{"level":"warning"}""");

        Assert.Equal("Warning", await Client.TextAsync(B, 3, "log_level"));
        Assert.Equal("Warning", await Client.TextAsync(C, 4, "log_level"));
    }

    [Fact]
    public async Task Case_6_a_subscription_made_on_one_instance_is_ended_on_another()
    {
        await AskAsync(A, 1, "resources/subscribe", """{"uri":"test://watched-resource"}""");
        Assert.Contains("test://watched-resource", await Client.TextAsync(B, 2, "subscriptions"), StringComparison.Ordinal);

        await AskAsync(B, 3, "resources/unsubscribe", """{"uri":"test://watched-resource"}""");
        Assert.DoesNotContain("test://watched-resource", await Client.TextAsync(A, 4, "subscriptions"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Case_7_a_deleted_session_is_gone_on_every_instance()
    {
        await Client.TextAsync(B, 1, "echo", """{"text":"in memory on B"}""");

        using var deleted = await Client.DeleteAsync(A);
        Assert.True(deleted.IsSuccessStatusCode, $"{deleted.StatusCode}");

        foreach (var instance in Fleet.Instances)
        {
            using var call = await Client.CallAsync(instance, 2, "echo", """{"text":"x"}""");
            Assert.Equal(HttpStatusCode.NotFound, call.StatusCode);
        }
    }

    [Fact]
    public async Task Case_10_HTTP_SSE_messages_reach_the_instance_of_their_stream()
    {
        using var client = new FleetClient(Fleet.SseEndpoint, Limit);
        using var stream = await client.GetAsync(A);
        await using var body = await stream.Content.ReadAsStreamAsync(Limit);
        await using var events = System.Net.ServerSentEvents.SseParser.Create(body).EnumerateAsync(Limit).GetAsyncEnumerator(Limit);
        Assert.True(await events.MoveNextAsync());
        using var messages = new FleetClient(new Uri(Fleet.Address, events.Current.Data), Limit);

        foreach (var (instance, id) in (IEnumerable<(int?, int)>)[(B, 1), (C, 2), (A, 3), (null, 4)])
        {
            var message = id == 1
                ? """{"jsonrpc":"2.0","id":1,"method":"initialize","params":"""
                    + """{"protocolVersion":"2024-11-05","capabilities":{},"clientInfo":{"name":"sse","version":"1"} } }"""
                : $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"echo","arguments":{"text":"{{{id}}}"} } }""";
            using var accepted = await messages.PostAsync(instance, message);
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
            Assert.True(await events.MoveNextAsync());
            Assert.Equal(id, (int)JsonNode.Parse(events.Current.Data)!["id"]!);
        }
    }

    [Fact]
    public async Task Case_11_altered_or_foreign_session_id_gets_404_and_the_session_continues()
    {
        var own = Client.Session!;
        await using var foreign = await StartOwnFleetAsync();
        using var stranger = new FleetClient(foreign.Endpoint, Limit);
        await stranger.InitializeAsync();
        var dot = own.LastIndexOf('.');
        string[] bad =
        [
            (own[0] == 'x' ? 'y' : 'x') + own[1..],
            own[..dot],
            own[..(dot + 1)] + new string('A', own.Length - dot - 1),
            own + "A",
            stranger.Session!,
            "x",
        ];

        foreach (var (id, instance) in bad.SelectMany(id => Fleet.Instances.Select(instance => (id, instance))))
        {
            Client.Session = id;
            using var call = await Client.CallAsync(instance, 1, "echo", """{"text":"x"}""");
            using var stream = await Client.GetAsync(instance);
            using var deleted = await Client.DeleteAsync(instance);
            Assert.Equal(
                [HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound],
                [call.StatusCode, stream.StatusCode, deleted.StatusCode]);
        }

        Client.Session = own;
        Assert.Equal("mine", await Client.TextAsync(B, 2, "echo", """{"text":"mine"}"""));
    }

    [Fact]
    public async Task Session_survives_when_every_instance_that_served_it_is_killed()
    {
        await using var fleet = await StartOwnFleetAsync();
        using var client = new FleetClient(fleet.Endpoint, Limit);
        await client.InitializeAsync();
        using var subscribed = await client.PostAsync(
            null, """{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"test://watched-resource"} }""");
        Assert.NotNull((await client.AnswerAsync(subscribed, 1))["result"]);

        foreach (var instance in fleet.Instances)
        {
            await fleet.KillAsync(instance);
        }

        await fleet.AddAsync(Limit);
        Assert.Equal("test://watched-resource", await client.TextAsync(null, 2, "subscriptions"));
    }
}

/// <inheritdoc/>
public sealed class SessionCaseTests(StartedFleets fleets) : SessionCases(fleets, FleetKind.Serve);

/// <inheritdoc/>
public sealed class FunctionsSessionCaseTests(StartedFleets fleets) : SessionCases(fleets, FleetKind.Functions);
