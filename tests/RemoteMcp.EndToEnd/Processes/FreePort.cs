using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace RemoteMcp.EndToEnd.Processes;

/// <summary>A port for a program that must be told one.</summary>
internal static class FreePort
{
    private const string Range = "/proc/sys/net/ipv4/ip_local_port_range";
    private const int Least = 10_000;
    private const int UsualEnd = 32_768;
    private const int MaxTries = 100;

    /// <summary>
    /// A port that nobody listens on, and that the system gives to nobody who asks for any: until the program listens, which takes seconds,
    /// the other tests bind and connect all the time.
    /// </summary>
    /// <exception cref="InvalidOperationException">None was found.</exception>
    public static int Find()
    {
        var end = File.Exists(Range) ? int.Parse(File.ReadAllText(Range).Split()[0], CultureInfo.InvariantCulture) : UsualEnd;
        for (var i = 0; i < MaxTries && end > Least; i++)
        {
            var port = Random.Shared.Next(Least, end);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }

        throw new InvalidOperationException($"No port from {Least} to {end} is free.");
    }
}
