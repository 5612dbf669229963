using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Storage;

/// <summary>
/// Deletes expired rows in the background. All instances together make one run per <see cref="StorageOptions.SweepInterval"/>, with a
/// limited number of pages. When a run does not reach all rows, the next run of the same instance continues there.
/// </summary>
internal sealed partial class ExpirySweeper(
    IStateStore store, IEnumerable<StateTable> tables, IOptions<StorageOptions> options, TimeProvider time, ILogger<ExpirySweeper> logger)
    : BackgroundService
{
    /// <summary>The maximum number of pages of up to 1,000 rows in one run.</summary>
    internal const int MaxPages = 100;

    /// <summary>
    /// The time from the start of an instance to its first run. It is short, because some instances live only for minutes.
    /// </summary>
    internal static readonly TimeSpan FirstRunDelay = TimeSpan.FromSeconds(30);

    private readonly TimeSpan _interval = options.Value.SweepInterval;
    private readonly string[] _tables = [.. tables.Select(table => table.Name).Distinct(StringComparer.OrdinalIgnoreCase)];
    private readonly Dictionary<string, string> _continuations = [];
    private readonly StateLease _lease = new(store, time, "sweep", $"{Environment.MachineName}/{Environment.ProcessId}");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(FirstRunDelay, time, stoppingToken);
            using var timer = new PeriodicTimer(_interval, time);
            do
            {
                await RunAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The exception is caught, because a host that is disposed without having been stopped would report it as a crash.
        }
    }

    /// <summary>Makes one run, unless another instance made one in this interval. It throws only when it is cancelled.</summary>
    /// <returns>The number of deleted rows.</returns>
    internal async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var deleted = 0;
        try
        {
            // The lease is not given up after the run, so that no other instance sweeps while it lasts. It is slightly shorter than the
            // interval, so that it has ended at the next tick of the timer.
            if (!await _lease.TryAcquireAsync(_interval * 0.9, cancellationToken))
            {
                return 0;
            }

            // The run reads one page of each table in turn, so that a table with many expired rows does not delay the others.
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
        catch (StateUnavailableException exception)
        {
            LogUnavailable(exception, _interval);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // An unhandled exception in a background service would stop the host.
            LogFailed(exception, _interval);
        }

        return deleted;
    }

    [LoggerMessage(LogLevel.Debug, "Deleted {Deleted} expired rows.")]
    private partial void LogDone(int deleted);

    [LoggerMessage(LogLevel.Information, "Deleted {Deleted} expired rows. There are more, and the next run in {Interval} continues.")]
    private partial void LogUnfinished(int deleted, TimeSpan interval);

    [LoggerMessage(LogLevel.Warning, "Expired rows were not deleted; trying again in {Interval}.")]
    private partial void LogUnavailable(Exception exception, TimeSpan interval);

    [LoggerMessage(LogLevel.Error, "Deleting expired rows failed; trying again in {Interval}.")]
    private partial void LogFailed(Exception exception, TimeSpan interval);
}
