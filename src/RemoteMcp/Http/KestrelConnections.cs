using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Http;

/// <summary>
/// Counts the open connections of Kestrel, and can close its listening sockets while it continues to serve the connections. Kestrel itself
/// closes both at once when it stops.
/// </summary>
internal sealed class KestrelConnections : IConfigureOptions<KestrelServerOptions>, IConfigureOptions<SocketTransportOptions>
{
    // Enough for the last packet of a handshake that has begun, and for Kestrel to accept the connection.
    private static readonly TimeSpan s_handshakeTimeout = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentBag<Socket> _listeners = [];
    private int _count;

    /// <summary>Gets the number of open connections; 0 if the server is not Kestrel.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Configure(KestrelServerOptions options) =>
        options.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection => CountAsync(connection, next)));

    public void Configure(SocketTransportOptions options)
    {
        var create = options.CreateBoundListenSocket;
        options.CreateBoundListenSocket = endpoint =>
        {
            var listener = create(endpoint);
            _listeners.Add(listener);
            return listener;
        };
    }

    /// <summary>
    /// Closes the listening sockets. Clients that connect from then on are refused. Closing a socket resets the connections in its queue.
    /// On Linux, the sockets therefore first stop queueing new connections, and Kestrel accepts the queued ones.
    /// </summary>
    public async Task StopListeningAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var drained = false;
        foreach (var listener in _listeners)
        {
            drained |= ListenSocketFilter.TryDropNewConnections(listener);
        }

        if (drained)
        {
            await Task.Delay(s_handshakeTimeout, time, cancellationToken);
        }

        foreach (var listener in _listeners)
        {
            listener.Dispose();
        }
    }

    private async Task CountAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        Interlocked.Increment(ref _count);
        try
        {
            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
