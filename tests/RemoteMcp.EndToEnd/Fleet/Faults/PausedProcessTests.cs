using System.Net;
using RemoteMcp.EndToEnd.Azurite;
using Xunit;

namespace RemoteMcp.EndToEnd.Fleet.Faults;

/// <summary>
/// Tests a fleet whose storage or whose instance is paused (SIGSTOP) for longer than a lease. The pauses are part of what is tested: a
/// lease takes 7 s to end.
/// </summary>
[Collection(nameof(NonParallel))]
public sealed class PausedProcessTests(PausedProcessTests.OwnFleet own) : IClassFixture<PausedProcessTests.OwnFleet>, IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(9);

    private readonly CancellationTokenSource _limit =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private FleetClient _client = null!;

    private int A => own.Fleet.Instances[0];

    private int B => own.Fleet.Instances[1];

    public async ValueTask InitializeAsync()
    {
        _limit.CancelAfter(s_limit);
        _client = new FleetClient(own.Fleet.Endpoint, _limit.Token);
        await _client.InitializeAsync(A);
        // B has read the secret and the session.
        Assert.Equal("x", await _client.TextAsync(B, 1, "echo", """{"text":"x"}"""));
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _limit.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Answer_and_cancellation_survive_a_stall_of_the_storage()
    {
        using var asking = await _client.CallAsync(A, 2, "test_elicitation", """{"message":"Name?"}""");
        await using var events = _client.ReadAsync(asking).GetAsyncEnumerator(_limit.Token);
        var prompt = await events.NextAsync("elicitation/create");
        var ticket = Guid.NewGuid().ToString("N");
        using var waiting = await _client.CallAsync(A, 3, "wait_until_cancelled", $$"""{"ticket":"{{ticket}}"}""");
        await using var waits = _client.ReadAsync(waiting).GetAsyncEnumerator(_limit.Token);
        await waits.NextAsync("notifications/progress");

        await own.Azurite.SignalAsync("STOP", _limit.Token);
        var answering = _client.AnswerPromptAsync(B, prompt, "Ada");
        var cancelling = _client.PostAsync(B, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}}""");
        await Task.Delay(s_pause, _limit.Token);
        await own.Azurite.SignalAsync("CONT", _limit.Token);

        Assert.Equal(HttpStatusCode.Accepted, await answering);
        Assert.Contains("Ada", FleetClient.Text(await events.NextAnswerAsync(2)), StringComparison.Ordinal);
        using var cancelled = await cancelling;
        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        Assert.Equal("cancelled", await _client.TextAsync(B, 4, "was_cancelled", $$"""{"ticket":"{{ticket}}"}"""));
    }

    [Fact]
    public async Task Answer_survives_a_pause_of_the_instance_that_asked()
    {
        using var asking = await _client.CallAsync(A, 2, "test_elicitation", """{"message":"Name?"}""");
        await using var events = _client.ReadAsync(asking).GetAsyncEnumerator(_limit.Token);
        var prompt = await events.NextAsync("elicitation/create");

        await own.Fleet.SignalAsync(A, "STOP", _limit.Token);
        await Task.Delay(s_pause, _limit.Token);
        var answering = _client.AnswerPromptAsync(B, prompt, "Ada");
        // A sender that treats a lapsed lease as the end of the instance refuses the answer after 4 s.
        await Task.WhenAny(answering, Task.Delay(s_pause / 2, _limit.Token));
        await own.Fleet.SignalAsync(A, "CONT", _limit.Token);

        Assert.Equal(HttpStatusCode.Accepted, await answering);
        Assert.Contains("Ada", FleetClient.Text(await events.NextAnswerAsync(2)), StringComparison.Ordinal);
    }

    /// <summary>A fleet with its own storage.</summary>
    public sealed class OwnFleet : IAsyncLifetime
    {
        internal AzuriteProcess Azurite { get; private set; } = null!;

        internal FleetFixture Fleet { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Azurite = await AzuriteProcess.StartAsync();
            Fleet = await FleetFixture.OfFixturesAsync(Azurite, CancellationToken.None);
        }

        public async ValueTask DisposeAsync()
        {
            if (Fleet is not null)
            {
                await Fleet.DisposeAsync();
            }

            if (Azurite is not null)
            {
                await Azurite.DisposeAsync();
            }
        }
    }
}
