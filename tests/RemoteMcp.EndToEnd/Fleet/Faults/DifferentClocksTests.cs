using System.Net;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.Storage;
using RemoteMcp.Storage.Tables;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Sessions;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.EndToEnd.Fleet.Faults;

/// <summary>
/// Tests a fleet in which the clock of the second machine differs from the clocks of the first machine and of the storage.
/// </summary>
public sealed class DifferentClocksTests(SharedAzurite azurite) : IDisposable
{
    private readonly WireClient _client = new();

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData(6)]
    [InlineData(-6)]
    [InlineData(90)]
    [InlineData(-90)]
    public async Task Sessions_work_across_machines_whose_clocks_differ(int seconds)
    {
        await using var fleet = await StartAsync(TimeSpan.FromSeconds(seconds));
        var (a, b) = (fleet.Urls[0], fleet.Urls[1]);
        await _client.InitializeAsync(a);
        Assert.Equal("x", await _client.TextAsync(b, 1, "echo", """{"text":"x"}"""));

        // A prompt is answered, and a call is cancelled, on the machine that does not run the call, in both directions.
        foreach (var (calling, other, id) in new[] { (a, b, 2), (b, a, 4) })
        {
            using (var asking = await _client.CallAsync(calling, id, "ask", """{"question":"Name?"}"""))
            {
                await using var events = ReadAsync(asking).GetAsyncEnumerator(Cancellation);
                Assert.Equal(HttpStatusCode.Accepted, await _client.AnswerPromptAsync(other, await NextRequestAsync(events), "Ada"));
                Assert.Equal("Name? -> Ada", await TextOfAnswerAsync(events, id));
            }

            using var waiting = await _client.CallAsync(calling, id + 1, "wait");
            await using var waits = ReadAsync(waiting).GetAsyncEnumerator(Cancellation);
            while (await waits.MoveNextAsync() && waits.Current.Message?["method"] is null)
            {
            }

            using var cancelled = await _client.PostAsync(
                other, $$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{id + 1}}} }""");
            Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
            // A call that is not cancelled waits forever.
            Assert.False(await waits.MoveNextAsync() && waits.Current.Message?["result"] is not null);
        }

        // The newest GET stream ends the earlier one on the other machine.
        using var first = await _client.GetAsync(b);
        await using var firstEvents = ReadAsync(first).GetAsyncEnumerator(Cancellation);
        Assert.True(await firstEvents.MoveNextAsync());
        using var second = await _client.GetAsync(a);
        Assert.False(await firstEvents.MoveNextAsync());

        using var deleted = await _client.DeleteAsync(a);
        using var gone = await _client.CallAsync(b, 9, "echo", """{"text":"x"}""");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Theory]
    [InlineData(0, HttpStatusCode.OK, "Healthy")]
    [InlineData(8, HttpStatusCode.OK, "Degraded")]
    [InlineData(90, HttpStatusCode.ServiceUnavailable, "Unhealthy")]
    public async Task Readyz_shows_a_clock_that_differs(int seconds, HttpStatusCode status, string clock)
    {
        await using var fleet = await StartAsync(TimeSpan.FromSeconds(seconds));
        using var http = new HttpClient();

        await Eventually.IsTrueAsync(async () =>
        {
            using var response = await http.GetAsync(new Uri(fleet.Urls[1], "/readyz"), Cancellation);
            var body = await response.Content.ReadAsStringAsync(Cancellation);
            return response.StatusCode == status && body.Contains($"\"clock\":\"{clock}\"", StringComparison.Ordinal);
        });
    }

    private async Task<InProcessFleet> StartAsync(TimeSpan difference)
    {
        var connection = (await azurite.GetAsync()).ConnectionString;
        var prefix = SharedAzurite.UniqueName();
        var started = 0;
        return await InProcessFleet.StartAsync(
            2, new MemoryStateStore(TimeProvider.System), Configure, Cancellation,
            ("RemoteMcp:Http:ShutdownGrace", "00:00:00.2"), ("RemoteMcp:Storage:ConnectionString", connection));

        void Configure(IServiceCollection services)
        {
            var clock = new StorageClock(new WrongTime(started++ == 0 ? TimeSpan.Zero : difference));
            services.AddSingleton(clock.Time).AddSingleton(clock).AddSingleton<IStateStore>(
                new TableStateStore(new TableServiceClient(connection, TableClients.ClientOptions(clock: clock)), prefix, clock));
        }
    }

    /// <summary>The clock of a machine that shows a wrong time.</summary>
    private sealed class WrongTime(TimeSpan difference) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + difference;
    }
}
