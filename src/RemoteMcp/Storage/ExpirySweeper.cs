using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Storage;

/// <summary>
/// Deletes expired rows in the background: once per <see cref="StorageOptions.SweepInterval"/> for all instances together, a
/// bounded number of pages a run. What a run does not reach, the next one of the same instance goes on with.
/// </summary>
internal sealed partial class ExpirySweeper(
    IStateStore store, IEnumerable<StateTable> tables, IOptions<StorageOptions> options, TimeProvider time, ILogger<ExpirySweeper> logger)
    : BackgroundService
{
    /// <summary>At most this many pages (of up to 1,000 rows) a run.</summary>
    internal const int MaxPages = 100;

    /// <summary>How long after its start an instance first looks: soon, for where instances live only minutes.</summary>
    internal static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(30);

    private readonly TimeSpan _interval = options.Value.SweepInterval;
    private readonly string[] _tables = [.. tables.Select(table => table.Name).Distinct(StringComparer.OrdinalIgnoreCase)];
    private readonly Dictionary<string, string> _continuations = [];
    private readonly StateLease _lease = new(store, time, "sweep", $"{Environment.MachineName}/{Environment.ProcessId}");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(FirstLook, time, stoppingToken);
            using var timer = new PeriodicTimer(_interval, time);
            do
            {
                await RunAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host calls it a crash when it is disposed without having been stopped.
        }
    }

    /// <summary>One run, if no other instance made one in this interval. Throws only when it is cancelled.</summary>
    /// <returns>How many rows it deleted.</returns>
    internal async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var deleted = 0;
        try
        {
            // The lease is kept after the run: while it lasts, nobody sweeps again. Slightly shorter than the interval, so
            // that it has ended when the timer ticks next.
            if (!await _lease.TryAcquireAsync(_interval * 0.9, cancellationToken))
            {
                return 0;
            }

            // A page of each in turn: one table's backlog does not keep the others waiting.
            var waiting = new Queue<string>(_tables);
            for (var pages = 0; waiting.TryDequeue(out var table); pages++)
            {
                if (pages == MaxPages || !_lease.IsHeld)
                {
                    LogUnfinished(deleted, _interval);
                    return deleted;
                }

                var sweep = await store.SweepAsync(table, _continuations.GetValueOrDefault(table), cancellationToken);
                deleted += sweep.Deleted;
                if (sweep.Continuation is null)
                {
                    _continuations.Remove(table);
                }
                else
                {
                    _continuations[table] = sweep.Continuation;
                    waiting.Enqueue(table);
                }
            }

            LogDone(deleted);
        }
        catch (StateUnavailableException error)
        {
            LogUnavailable(error, _interval);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // An exception out of a background service would stop the host.
            LogFailed(error, _interval);
        }

        return deleted;
    }

    [LoggerMessage(LogLevel.Debug, "Deleted {Deleted} expired rows.")]
    private partial void LogDone(int deleted);

    [LoggerMessage(LogLevel.Information, "Deleted {Deleted} expired rows; there are more, which the run in {Interval} goes on with.")]
    private partial void LogUnfinished(int deleted, TimeSpan interval);

    [LoggerMessage(LogLevel.Warning, "Expired rows were not deleted; trying again in {Interval}.")]
    private partial void LogUnavailable(Exception error, TimeSpan interval);

    [LoggerMessage(LogLevel.Error, "Deleting expired rows failed; trying again in {Interval}.")]
    private partial void LogFailed(Exception error, TimeSpan interval);
}
