using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RemoteMcp.Storage;

namespace RemoteMcp.Fleet;

/// <summary>Polls this instance's inbox and renews its lease while there is demand for it.</summary>
/// <remarks>
/// A message that its sender may withdraw is claimed before it is handled. If this process is paused after it has read the message, and the
/// sender has reported a failure meanwhile, the claim fails, and the message is not handled.
/// </remarks>
internal sealed partial class InboxReader(
    InboxRows inbox,
    ReceivedMessages received,
    FleetMembership fleet,
    StorageWatch storage,
    PollingDemand demand,
    IEnumerable<IInboxHandler> handlers,
    IOptions<FleetOptions> options,
    TimeProvider time,
    ILogger<InboxReader> logger) : BackgroundService
{
    private static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_releaseTimeout = TimeSpan.FromSeconds(3);

    private readonly IInboxHandler[] _handlers = [.. handlers];
    private readonly TimeSpan _timeout = options.Value.DeliveryTimeout < options.Value.Lease / 2
        ? options.Value.DeliveryTimeout
        : options.Value.Lease / 2;

    /// <summary>
    /// Stops the polling and gives up the lease. The host stops this service after the SDK has ended its sessions. Until then, running
    /// calls receive their messages.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await ReleaseLeaseAsync(static () => false, CancellationToken.None);
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
                    await ReleaseLeaseAsync(() => demand.IsNeeded, stoppingToken);
                    await raised.WaitAsync(stoppingToken);
                }

                pause = await PollAsync(stoppingToken) switch
                {
                    null => s_pauseAfterFailure,
                    true => options.Value.PollMin,
                    false when demand.IsUrgent => pause > options.Value.PollMax ? options.Value.PollMin : options.Value.NextPause(pause),
                    false => options.Value.PollIdle,
                };
                await Task.WhenAny(raised, Task.Delay(pause, time, stoppingToken));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task ReleaseLeaseAsync(Func<bool> isNeeded, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_releaseTimeout, time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await fleet.ReleaseLeaseAsync(isNeeded, bound.Token);
        }
        catch (Exception exception) when (exception is StateUnavailableException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogReleaseFailed(logger, exception);
        }
    }

    /// <summary>Renews the lease if that is due, and handles the messages in the inbox.</summary>
    /// <returns>Whether there were messages, or <see langword="null"/> when the storage did not respond.</returns>
    private async Task<bool?> PollAsync(CancellationToken cancellationToken)
    {
        try
        {
            var rows = await storage.RunAsync(async () =>
            {
                await fleet.EnsureLeaseAsync(cancellationToken);
                return await inbox.ReadAsync(cancellationToken);
            });
            var messages = await received.ReceiveAsync(rows, cancellationToken);

            // The messages of one session are handled in order, and different sessions concurrently. The next poll begins when all messages
            // of this one are handled. The time for a session is bounded, because the lease must be renewed before it ends.
            await Task.WhenAll(messages.GroupBy(static message => message.Message?.Session).Select(async group =>
            {
                using var timeout = new CancellationTokenSource(_timeout, time);
                using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
                foreach (var message in group)
                {
                    if (timeout.IsCancellationRequested && message is { Result: null, IsDeferred: false, Message.MustClaim: false })
                    {
                        // The message stays in the inbox, and the next poll handles it.
                        message.IsDeferred = true;
                        continue;
                    }

                    message.Result ??= message.Message is not { } readable
                        ? message.IsClaimed ? ReceivedResult.Failed : ReceivedResult.NotHandled
                        : timeout.IsCancellationRequested ? ReceivedResult.NotHandled
                        : await HandleAsync(readable, bound.Token, cancellationToken);
                    await (message.Result is { } result and not ReceivedResult.Handled
                        ? inbox.ReportAsync(message.Row, message.IsClaimed, result, cancellationToken)
                        : inbox.DeleteAsync(message.Row.Key, cancellationToken));
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

    private async Task<ReceivedResult> HandleAsync(InboxMessage message, CancellationToken bound, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var handler in _handlers)
            {
                if (await handler.TryHandleAsync(message, bound))
                {
                    return ReceivedResult.Handled;
                }
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogHandlerFailed(logger, message.Kind, exception);
            return ReceivedResult.Failed;
        }

        return ReceivedResult.Refused;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The inbox cannot be read, because the state storage does not answer. The server tries again in one second.")]
    private static partial void LogUnavailable(ILogger logger, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "A message of kind {Kind} from another instance was not handled completely, because its handler failed.")]
    private static partial void LogHandlerFailed(ILogger logger, InboxKind kind, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This instance could not release its lease. The lease will expire.")]
    private static partial void LogReleaseFailed(ILogger logger, Exception exception);
}

/// <summary>Handles messages from other instances.</summary>
internal interface IInboxHandler
{
    /// <summary>Handles the message, if it is for this handler.</summary>
    /// <returns>Whether the message was handled. When every handler returns <see langword="false"/>, the message is refused.</returns>
    ValueTask<bool> TryHandleAsync(InboxMessage message, CancellationToken cancellationToken);
}
