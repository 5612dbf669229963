using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Storage;
using RemoteMcp.Tests.Auth.Cloud;
using Xunit;

namespace RemoteMcp.Tests.Storage;

public sealed class StorageClockTests : IDisposable
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly SteppingTime _machine = new();
    private readonly LogLines _log = new();
    private readonly StorageClock _clock;

    // The time of the storage minus the time of this machine.
    private TimeSpan _difference;

    public StorageClockTests() =>
        _clock = new StorageClock(_machine, new Logger<StorageClock>(new LoggerFactory([_log])));

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Clock_without_responses_is_the_clock_of_the_machine()
    {
        _machine.Advance(TimeSpan.FromHours(1));

        Assert.Equal(_machine.GetUtcNow(), _clock.Now);
        Assert.Equal(TimeSpan.Zero, _clock.Difference);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(-6)]
    [InlineData(90)]
    [InlineData(-90)]
    public void First_response_shows_the_difference_to_within_a_second(int difference)
    {
        _difference = TimeSpan.FromSeconds(difference);

        Respond();

        Assert.InRange((_clock.Difference - _difference).Duration(), TimeSpan.Zero, s_second);
        Assert.InRange((_clock.ToStorage(_machine.GetUtcNow()) - _clock.Now).Duration(), TimeSpan.Zero, TimeSpan.Zero);
    }

    [Fact]
    public void Clocks_that_agree_are_never_corrected()
    {
        for (var i = 0; i < 100; i++)
        {
            _machine.Advance(TimeSpan.FromMilliseconds(137));
            Respond(TimeSpan.FromMilliseconds(20));
            Assert.Equal(TimeSpan.Zero, _clock.Difference);
        }
    }

    [Fact]
    public void Many_responses_show_a_difference_precisely()
    {
        _difference = TimeSpan.FromSeconds(6.5);
        for (var i = 0; i < 100; i++)
        {
            _machine.Advance(TimeSpan.FromMilliseconds(137));
            Respond(TimeSpan.FromMilliseconds(20));
        }

        Assert.InRange((_clock.Difference - _difference).Duration(), TimeSpan.Zero, TimeSpan.FromMilliseconds(60));
    }

    [Fact]
    public void One_late_response_does_not_move_the_clock()
    {
        Respond();
        _machine.Advance(s_second);

        _clock.Record(_machine.GetTimestamp(), _machine.GetUtcNow() - TimeSpan.FromSeconds(10));
        Respond();

        Assert.Equal(TimeSpan.Zero, _clock.Difference);
    }

    [Fact]
    public void Two_responses_move_the_clock_by_any_step()
    {
        Respond();
        _difference = TimeSpan.FromSeconds(-40);

        Respond();
        Respond();

        Assert.InRange((_clock.Difference - _difference).Duration(), TimeSpan.Zero, s_second);
    }

    [Fact]
    public void Step_of_the_machine_clock_does_not_move_the_clock_of_the_storage()
    {
        Respond();
        var storage = _clock.Now;

        _machine.Step = TimeSpan.FromSeconds(90);

        Assert.Equal(storage, _clock.Now);
        Assert.Equal(TimeSpan.FromSeconds(-90), _clock.Difference);
    }

    [Fact]
    public void Times_without_an_end_are_not_converted()
    {
        _difference = TimeSpan.FromSeconds(90);
        Respond();

        Assert.Equal(DateTimeOffset.MaxValue, _clock.ToStorage(DateTimeOffset.MaxValue));
        Assert.Equal(DateTimeOffset.UnixEpoch, _clock.ToMachine(DateTimeOffset.UnixEpoch));
    }

    [Theory]
    [InlineData(3, HealthStatus.Healthy)]
    [InlineData(7, HealthStatus.Degraded)]
    [InlineData(-7, HealthStatus.Degraded)]
    [InlineData(90, HealthStatus.Unhealthy)]
    public async Task Readiness_reports_the_difference(int difference, HealthStatus expected)
    {
        _difference = TimeSpan.FromSeconds(difference);
        Respond();

        var result = await new StorageClockHealthCheck(_clock).CheckHealthAsync(
            new HealthCheckContext(), TestContext.Current.CancellationToken);

        Assert.Equal(expected, result.Status);
    }

    [Fact]
    public void Log_reports_a_difference_once_and_its_end()
    {
        _difference = TimeSpan.FromSeconds(90);
        for (var i = 0; i < 10; i++)
        {
            Respond();
        }

        _machine.Step = _difference;
        _difference = TimeSpan.Zero;
        Respond();

        Assert.Equal(2, _log.Lines.Count);
        Assert.Matches("^Error .*: The clock of this machine is 90 s behind", _log.Lines[0]);
        Assert.Matches("^Information .* agrees ", _log.Lines[1]);
    }

    // The storage responds in the middle of the request.
    private void Respond(TimeSpan duration = default)
    {
        var sent = _machine.GetTimestamp();
        _machine.Advance(duration / 2);
        var now = _machine.GetUtcNow() + _difference;
        var date = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        _machine.Advance(duration / 2);
        _clock.Record(sent, date);
    }

    /// <summary>A machine whose clock can be set, which does not change its monotonic time.</summary>
    private sealed class SteppingTime : FakeTimeProvider
    {
        public TimeSpan Step { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Step;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
