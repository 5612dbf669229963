
namespace RemoteMcp.FunctionsHost.Workers;

/// <summary>
/// Keeps one worker process of the app running. If a worker exits with an error code, a new worker starts, and requests that arrive
/// meanwhile wait for it. If a worker exits with code 0, no new worker starts.
/// </summary>
/// <param name="options">The app and the limits.</param>
/// <param name="channels">The channels that wait for the connection of a worker.</param>
/// <param name="log">The log for the messages and the output of the worker.</param>
internal sealed class AppWorker(HostArguments options, WorkerChannels channels, HostLog log)
{
    // The Functions host also gives up after this number of starts in a row.
    private const int MaxFailedStarts = 3;

    private readonly Lock _lock = new();
    private TaskCompletionSource<WorkerChannel> _ready = NewReady();
    private WorkerProcess? _process;

    /// <summary>Gets whether the worker was told to stop.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Runs workers one after another, until one exits with code 0 or the host stops.</summary>
    /// <param name="rpc">The address of the gRPC service.</param>
    /// <exception cref="WorkerGoneException">The first worker ended before it loaded all functions.</exception>
    public async Task RunAsync(Uri rpc)
    {
        var (hasServed, failedStarts) = (false, 0);
        while (true)
        {
            using var process = Start(rpc, out var channel);
            var exit = WatchAsync(process, channel);
            try
            {
                await channel.LoadedAsync;
                (hasServed, failedStarts) = (true, 0);
                _ready.TrySetResult(channel);
                if (IsStopping)
                {
                    process.Kill();
                }
            }
            catch (WorkerGoneException exception)
            {
                process.Kill();
                if (!hasServed || ++failedStarts == MaxFailedStarts)
                {
                    await exit;
                    _ready.TrySetException(exception);
                    throw;
                }
            }

            var code = await exit;
            lock (_lock)
            {
                _ready = NewReady();
                if (IsStopping || code == 0)
                {
                    _ready.TrySetException(new WorkerGoneException("The worker has ended."));
                    return;
                }
            }
        }
    }

    /// <summary>Returns the channel of the running worker, after it has loaded all functions.</summary>
    /// <exception cref="WorkerGoneException">No worker is running anymore.</exception>
    public Task<WorkerChannel> GetChannelAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _ready.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Kills the worker of this channel, as the host does when a function exceeds its timeout. A new worker starts.</summary>
    public void Restart(WorkerChannel channel, string reason)
    {
        lock (_lock)
        {
            if (_ready.Task is { IsCompletedSuccessfully: true } ready && ready.Result == channel)
            {
                log.Host(reason);
                _process?.Kill();
            }
        }
    }

    /// <summary>Tells the worker to stop, and kills it if it exceeds the time limit.</summary>
    public async Task StopAsync()
    {
        Task<WorkerChannel> ready;
        lock (_lock)
        {
            IsStopping = true;
            ready = _ready.Task;
        }

        if (ready.IsCompletedSuccessfully && _process is { } process)
        {
            ready.Result.Terminate(options.TerminateGrace);
            if (!await process.ExitsWithinAsync(options.TerminateGrace))
            {
                log.Host("The worker did not end within its grace period. The host kills it.");
                process.Kill();
            }
        }
    }

    private static TaskCompletionSource<WorkerChannel> NewReady() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WorkerProcess Start(Uri rpc, out WorkerChannel channel)
    {
        var id = Guid.NewGuid().ToString();
        channel = new WorkerChannel(options.App, log);
        channels.Expect(id, channel);
        var process = WorkerProcess.Start(options, rpc, id, log);
        _process = process;
        log.Host($"Worker process {process.Id} started.");
        return process;
    }

    /// <returns>The exit code.</returns>
    private async Task<int> WatchAsync(WorkerProcess process, WorkerChannel channel)
    {
        await process.WaitForExitAsync();
        log.Host($"Worker process {process.Id} exited with code {process.ExitCode}.");
        channel.Fail($"dotnet exited with code {process.ExitCode}");
        return process.ExitCode;
    }
}
