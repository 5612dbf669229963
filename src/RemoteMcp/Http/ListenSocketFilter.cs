using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace RemoteMcp.Http;

/// <summary>
/// Drops the first packet (SYN) of each new TCP connection to a listening socket. The client repeats the packet after a second, and is
/// refused if the socket is closed by then. Handshakes that have begun continue.
/// </summary>
/// <remarks>
/// Linux resets the connections that wait in the queue of a listening socket when the socket closes, also those that clients consider
/// established. There is no other way to empty the queue without new connections entering it. The filter is a program of four
/// instructions for the kernel's packet filter (Linux, socket(7), SO_ATTACH_FILTER), and needs no privilege.
/// </remarks>
internal static class ListenSocketFilter
{
    private const int SolSocket = 1;
    private const int SoAttachFilter = 26;
    private const uint FlagsOffset = 13;
    private const uint SynFlag = 0x02;

    private static readonly Instruction[] s_program =
    [
        new(0x30, 0, 0, FlagsOffset), // load the byte with the TCP flags (RFC 9293, section 3.1)
        new(0x45, 0, 1, SynFlag), // skip one instruction if SYN is not set
        new(0x06, 0, 0, 0), // drop the packet
        new(0x06, 0, 0, uint.MaxValue), // accept the packet
    ];

    /// <summary>Attaches the filter.</summary>
    /// <returns>Whether the socket drops new connections; <see langword="false"/> on systems that cannot do that.</returns>
    public static bool TryDropNewConnections(Socket listener)
    {
        if (!OperatingSystem.IsLinux() || listener.ProtocolType != ProtocolType.Tcp)
        {
            return false;
        }

        var program = GCHandle.Alloc(s_program.ToArray(), GCHandleType.Pinned);
        try
        {
            var header = new Header((ushort)s_program.Length, program.AddrOfPinnedObject());
            listener.SetRawSocketOption(SolSocket, SoAttachFilter, MemoryMarshal.AsBytes(new ReadOnlySpan<Header>(in header)));
            return true;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // A sandbox can lack the option. The socket then closes with the connections in its queue.
            return false;
        }
        finally
        {
            program.Free();
        }
    }

    // struct sock_filter
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte JumpIfTrue, byte JumpIfFalse, uint Operand);

    // struct sock_fprog
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Header(ushort Length, nint Program);
}
