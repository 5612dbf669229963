using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RemoteMcp.Storage;

namespace RemoteMcp.Fleet;

/// <summary>Polls this instance's inbox and renews its lease while there is demand for it.</summary>
internal sealed partial class InboxReader(
    Inbox inbox,
    FleetMembership fleet,
    PollingDemand demand,
    IEnumerable<IInboxHandler> handlers,
    IOptions<FleetOptions> options,
    TimeProvider time,
    ILogger<InboxReader> logger) : BackgroundService
{
    private static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_leaveTimeout = TimeSpan.FromSeconds(3);

    private readonly IInboxHandler[] _handlers = [.. handlers];

    // The results that could not be reported because the storage was down. Their messages are not handled a second time.
    private readonly ConcurrentDictionary<StateKey, bool> _unreported = new();

    /// <summary>
    /// Stops the polling and gives up the lease. This runs after the streams have ended, so that messages that they wait for still arrive.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await LeaveAsync(static () => false, CancellationToken.None);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = options.Value.PollMin;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var raised = demand.Raised;
                if (!demand.IsNeeded)
                {
                    await LeaveAsync(() => demand.IsNeeded, stoppingToken);
                    await raised.WaitAsync(stoppingToken);
                }

                pause = await LookAsync(stoppingToken) switch
                {
                    null => s_pauseAfterFailure,
                    true => options.Value.PollMin,
                    false when demand.IsUrgent => pause > options.Value.PollMax ? options.Value.PollMin : inbox.Longer(pause),
                    false => options.Value.PollIdle,
                };
                await Task.WhenAny(raised, Task.Delay(pause, time, stoppingToken));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task LeaveAsync(Func<bool> isNeeded, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_leaveTimeout, time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await fleet.LeaveAsync(isNeeded, bound.Token);
        }
        catch (Exception exception) when (exception is StateUnavailableException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogLeaveFailed(logger, exception);
        }
    }

    /// <returns>Whether there were messages, or <see langword="null"/> when the storage did not respond.</returns>
    private async Task<bool?> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await fleet.StayAsync(cancellationToken);
            var rows = await inbox.ReadAsync(cancellationToken);
            foreach (var gone in _unreported.Keys.Except(rows.Select(static row => row.Key)))
            {
                _unreported.TryRemove(gone, out _);
            }

            // The messages of one session are handled in order. Messages of different sessions do not wait for each other.
            await Task.WhenAll(rows.Select(row => (row, message: Read(row))).GroupBy(pair => pair.message?.Session).Select(async session =>
            {
                foreach (var (row, message) in session)
                {
                    if (!_unreported.TryGetValue(row.Key, out var done))
                    {
                        _unreported[row.Key] = done = message is not null && await HandleAsync(message, cancellationToken);
                    }

                    await inbox.CompleteAsync(row, done, cancellationToken);
                    _unreported.TryRemove(row.Key, out _);
                }
            }));
            return rows.Count > 0;
        }
        catch (StateUnavailableException exception)
        {
            LogUnavailable(logger, exception);
            return null;
        }
    }

    // During a rolling update a newer instance may send a message that this version cannot read. It is refused, and the reader continues.
    private static InboxMessage? Read(StateRow row)
    {
        try
        {
            return row.Body.ToObjectFromJson(RelayJson.Default.InboxMessage);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<bool> HandleAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(options.Value.DeliveryTimeout);
        try
        {
            foreach (var handler in _handlers)
            {
                if (await handler.TryHandleAsync(message, bound.Token))
                {
                    return true;
                }
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogHandlerFailed(logger, message.Kind, exception);
        }

        return false;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The inbox cannot be read: the state storage does not answer.")]
    private static partial void LogUnavailable(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A relayed message of kind {Kind} was refused: its handler failed.")]
    private static partial void LogHandlerFailed(ILogger logger, InboxKind kind, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This instance could not release its lease. The lease will expire.")]
    private static partial void LogLeaveFailed(ILogger logger, Exception exception);
}

/// <summary>Handles messages from other instances.</summary>
internal interface IInboxHandler
{
    /// <summary>Handles the message, if it is for this handler.</summary>
    /// <returns>Whether the message was handled. When every handler returns <see langword="false"/>, the message is refused.</returns>
    ValueTask<bool> TryHandleAsync(InboxMessage message, CancellationToken cancellationToken);
}
