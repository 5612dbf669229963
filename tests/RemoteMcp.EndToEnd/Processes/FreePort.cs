using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace RemoteMcp.EndToEnd.Processes;

/// <summary>Finds a port for a program that requires a port number.</summary>
internal static class FreePort
{
    private const string Range = "/proc/sys/net/ipv4/ip_local_port_range";
    private const int MinPort = 10_000;
    private const int DefaultRangeStart = 32_768;
    private const int MaxTries = 100;

    /// <summary>
    /// Finds a free port outside the range from which the system assigns ports. Other tests bind and connect all the time, and the program
    /// takes seconds to start. A port from that range could be taken meanwhile.
    /// </summary>
    /// <exception cref="InvalidOperationException">No free port was found.</exception>
    public static int Find()
    {
        var end = File.Exists(Range) ? int.Parse(File.ReadAllText(Range).Split()[0], CultureInfo.InvariantCulture) : DefaultRangeStart;
        for (var i = 0; i < MaxTries && end > MinPort; i++)
        {
            var port = Random.Shared.Next(MinPort, end);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // A different program uses the port.
            }
        }

        throw new InvalidOperationException($"No port from {MinPort} to {end} is free.");
    }
}
