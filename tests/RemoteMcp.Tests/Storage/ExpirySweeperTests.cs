using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Storage;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.Tests.Storage;

public sealed class ExpirySweeperTests
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(10);
    private static readonly BinaryData s_body = BinaryData.FromString("{}");

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingStore _store;

    public ExpirySweeperTests() => _store = new RecordingStore(new MemoryStateStore(_time));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_deletes_the_expired_rows_of_every_declared_table()
    {
        await FillAsync("Alpha", expired: 3, live: 2);
        await FillAsync("Beta", expired: 1500, live: 0);
        await FillAsync("Undeclared", expired: 5, live: 0);

        Assert.Equal(1503, await Sweeper().RunAsync(Cancel));

        Assert.Equal(2, await _store.QueryAsync("Alpha", "p", default, Cancel).CountAsync(Cancel));
        Assert.Equal(5, (await _store.SweepAsync("Undeclared", null, Cancel)).Deleted);
    }

    [Fact]
    public async Task Only_one_instance_runs_in_each_interval()
    {
        var (first, second) = (Sweeper(), Sweeper());
        await first.RunAsync(Cancel);
        await FillAsync("Alpha", expired: 3, live: 0);

        Assert.Equal(0, await second.RunAsync(Cancel));
        Assert.Equal(0, await second.RunAsync(Cancel));
        _time.Advance(s_interval);
        Assert.Equal(3, await second.RunAsync(Cancel));
        Assert.Equal(0, await first.RunAsync(Cancel));
    }

    [Fact]
    public async Task A_run_shares_its_page_limit_between_tables_and_the_next_run_continues()
    {
        _store.SweepAnswer = (_, continuation) => new StateSweep(1, $"{int.Parse(continuation ?? "0", null) + 1}");
        var sweeper = Sweeper();

        Assert.Equal(ExpirySweeper.MaxPages, await sweeper.RunAsync(Cancel));
        Assert.Equal(ExpirySweeper.MaxPages / 2, _store.Swept.Count(page => page.Table == "Alpha"));
        _time.Advance(s_interval);
        _store.Swept.Clear();
        await sweeper.RunAsync(Cancel);

        Assert.Equal(("Alpha", "50"), _store.Swept[0]);
    }

    [Fact]
    public async Task A_run_that_outlasts_its_lease_stops()
    {
        _store.SweepAnswer = (_, _) =>
        {
            _time.Advance(s_interval);
            return new StateSweep(1, "more");
        };
        Assert.Equal(1, await Sweeper().RunAsync(Cancel));
    }

    [Fact]
    public async Task The_service_continues_after_a_storage_outage()
    {
        await FillAsync("Alpha", expired: 3, live: 0);
        _store.SweepAnswer = (_, _) => throw new StateUnavailableException("down", TimeSpan.FromSeconds(1));
        using var sweeper = Sweeper();
        await sweeper.StartAsync(Cancel);

        await AdvanceUntilAsync(ExpirySweeper.FirstRunDelay, () => _store.Swept.Count >= 1);
        _store.SweepAnswer = (_, _) => throw new InvalidOperationException("a bug");
        await AdvanceUntilAsync(s_interval, () => _store.Swept.Count >= 2);
        _store.SweepAnswer = null;
        await AdvanceUntilAsync(s_interval, () => _store.Deleted == 3);

        await sweeper.StopAsync(Cancel);
        Assert.True(sweeper.ExecuteTask!.IsCompleted);
        Assert.False(sweeper.ExecuteTask.IsFaulted);
    }

    [Fact]
    public async Task The_service_can_be_stopped_while_it_waits()
    {
        using var sweeper = Sweeper();
        await sweeper.StartAsync(Cancel);
        await sweeper.StopAsync(Cancel);
        Assert.Empty(_store.Swept);
    }

    private ExpirySweeper Sweeper() => new(
        _store,
        [new StateTable("Alpha"), new StateTable("Beta"), new StateTable("alpha")],
        Options.Create(new StorageOptions { SweepInterval = s_interval }),
        _time,
        NullLogger<ExpirySweeper>.Instance);

    private async Task FillAsync(string table, int expired, int live)
    {
        for (var i = 0; i < expired + live; i++)
        {
            await _store.TryInsertAsync(
                new StateKey(table, "p", $"{i:0000}"), s_body, i < expired ? _time.GetUtcNow() : DateTimeOffset.MaxValue, Cancel);
        }
    }

    /// <summary>Advances the time until something has happened. It repeats this, in case the service was not waiting yet.</summary>
    private Task AdvanceUntilAsync(TimeSpan step, Func<bool> happened)
    {
        var looks = 0;
        return Eventually.IsTrueAsync(() =>
        {
            if (happened())
            {
                return true;
            }

            _time.Advance(looks++ % 50 == 0 ? step : TimeSpan.Zero);
            return false;
        });
    }
}
