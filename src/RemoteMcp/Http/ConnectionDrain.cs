using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Http;

/// <summary>
/// Keeps the web server running until its clients have been told that it stops, so that no connection is reset (RFC 9112, section 9.6).
/// From the beginning of the shutdown, each response has <c>Connection: close</c>, and new requests get 503. The server continues to
/// listen for <see cref="HttpOptions.ShutdownDelay"/>, and while requests run. Afterward, the only open connections are idle ones, and it
/// closes them.
/// </summary>
/// <remarks>
/// A response that began before the shutdown leaves a connection open, on which its client may send another request. The delay therefore
/// begins again when such a response ends.
/// </remarks>
internal sealed class ConnectionDrain(Shutdown shutdown, KestrelConnections connections, IOptions<HttpOptions> options)
    : IHostedLifecycleService
{
    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(20);

    // A connection that was accepted last gets this time to send its request.
    private static readonly TimeSpan s_lastRequestTimeout = TimeSpan.FromMilliseconds(400);

    // Connections and other processes do not follow the clock of a test.
    private readonly TimeProvider _time = TimeProvider.System;
    private int _runningRequests;
    private long _lastOpenConnection;

    /// <summary>Reports that a request begins.</summary>
    public void OnRequestStarted() => Interlocked.Increment(ref _runningRequests);

    /// <summary>Reports that a request has ended.</summary>
    /// <param name="leavesConnectionOpen">
    /// Whether the client may send another request on the connection, because the response did not announce that the connection closes.
    /// </param>
    public void OnRequestEnded(bool leavesConnectionOpen)
    {
        if (leavesConnectionOpen && shutdown.Stopping.IsCancellationRequested)
        {
            Volatile.Write(ref _lastOpenConnection, _time.GetTimestamp());
        }

        Interlocked.Decrement(ref _runningRequests);
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        shutdown.Begin();
        var delay = options.Value.ShutdownDelay;
        if (delay == TimeSpan.Zero)
        {
            return;
        }

        try
        {
            var start = _time.GetTimestamp();
            Volatile.Write(ref _lastOpenConnection, start);
            // After this time, the connection of a request that ignores its cancellation has been aborted.
            var requestLimit = options.Value.ShutdownGrace + RequestLifetime.AbortDelay + s_pollInterval;
            while (connections.Count > 0
                && (_time.GetElapsedTime(Volatile.Read(ref _lastOpenConnection)) < delay
                    || (Volatile.Read(ref _runningRequests) > 0 && _time.GetElapsedTime(start) < requestLimit)))
            {
                await Task.Delay(s_pollInterval, _time, cancellationToken);
            }

            await connections.StopListeningAsync(_time, cancellationToken);
            var closed = _time.GetTimestamp();
            while (connections.Count > 0 && _time.GetElapsedTime(closed) < s_lastRequestTimeout)
            {
                await Task.Delay(s_pollInterval, _time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host's shutdown timeout is over. The web server now closes all connections.
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
