using System.Net;
using System.Net.Sockets;
using RemoteMcp.ToolCalls;

namespace RemoteMcp.AuthorizationServer.Clients;

/// <summary>
/// Creates the handler that sends requests to hosts which clients choose. It resolves the host, refuses the host if any of its addresses is
/// not public, and connects to an address that it checked. An answer of DNS that changes later has no effect. The handler follows no
/// redirects, uses no proxy, and sends no cookies, credentials, or trace headers.
/// </summary>
internal static class PublicHttpHandler
{
    // Each address is tried in turn, within the time limit of the request.
    private const int MaxAddresses = 4;

    /// <param name="resolve">Finds the addresses of a host; DNS if it is null.</param>
    /// <param name="connect">Opens a TCP connection; a socket if it is null.</param>
    public static SocketsHttpHandler Create(
        Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null,
        Func<IPEndPoint, CancellationToken, Task<Stream>>? connect = null)
    {
        resolve ??= Dns.GetHostAddressesAsync;
        connect ??= ConnectAsync;
        return new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = async (context, cancellationToken) =>
                await ConnectToPublicAsync(context.DnsEndPoint, resolve, connect, cancellationToken),
            // The handler continues to connect for a while after the request has ended.
            ConnectTimeout = DocumentReader.Timeout,
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.Zero,
            UseCookies = false,
            UseProxy = false,
        };
    }

    private static async Task<Stream> ConnectToPublicAsync(
        DnsEndPoint host,
        Func<string, CancellationToken, Task<IPAddress[]>> resolve,
        Func<IPEndPoint, CancellationToken, Task<Stream>> connect,
        CancellationToken cancellationToken)
    {
        var addresses = await FindAddressesAsync(host.Host, resolve, cancellationToken);
        // Many networks of servers do not route IPv6, and a connection that is dropped silently takes the whole time limit.
        Array.Sort(addresses, static (left, right) => left.AddressFamily.CompareTo(right.AddressFamily));
        for (var index = 0; ; index++)
        {
            try
            {
                return await connect(new IPEndPoint(addresses[index], host.Port), cancellationToken);
            }
            catch (SocketException) when (index + 1 < Math.Min(addresses.Length, MaxAddresses))
            {
                // The next address may answer.
            }
        }
    }

    private static async Task<IPAddress[]> FindAddressesAsync(
        string host, Func<string, CancellationToken, Task<IPAddress[]>> resolve, CancellationToken cancellationToken)
    {
        IPAddress[] addresses;
        try
        {
            addresses = await resolve(host, cancellationToken);
        }
        catch (SocketException)
        {
            addresses = [];
        }

        // The message is the same for an unknown host, so that nobody can use the server to find names in its network.
        return addresses.Length > 0 && Array.TrueForAll(addresses, PublicAddress.IsPublic)
            ? addresses
            : throw new ClientRefusedException($"The host {SafeText.Quote(host)} was not found on the public internet.");
    }

    private static async Task<Stream> ConnectAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
