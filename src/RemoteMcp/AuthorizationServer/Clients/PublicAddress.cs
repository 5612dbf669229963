using System.Net;
using System.Net.Sockets;

namespace RemoteMcp.AuthorizationServer.Clients;

/// <summary>
/// Decides whether an address is on the public internet. The server connects to no other address when a client chooses the host, because
/// other addresses can belong to the server's own network. The ranges are from IANA's registries of special-purpose addresses (RFC 6890).
/// </summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] s_specialIPv4 =
    [
        IPNetwork.Parse("0.0.0.0/8"), // this network
        IPNetwork.Parse("10.0.0.0/8"), // private
        IPNetwork.Parse("100.64.0.0/10"), // carrier-grade NAT
        IPNetwork.Parse("127.0.0.0/8"), // loopback
        IPNetwork.Parse("168.63.129.16/32"), // Azure's host of virtual machines, although the range is public
        IPNetwork.Parse("169.254.0.0/16"), // link-local, with the metadata services of clouds
        IPNetwork.Parse("172.16.0.0/12"), // private
        IPNetwork.Parse("192.0.0.0/24"), // protocol assignments
        IPNetwork.Parse("192.0.2.0/24"), // documentation
        IPNetwork.Parse("192.88.99.0/24"), // 6to4 relays
        IPNetwork.Parse("192.168.0.0/16"), // private
        IPNetwork.Parse("198.18.0.0/15"), // benchmarks
        IPNetwork.Parse("198.51.100.0/24"), // documentation
        IPNetwork.Parse("203.0.113.0/24"), // documentation
        IPNetwork.Parse("224.0.0.0/4"), // multicast
        IPNetwork.Parse("240.0.0.0/4"), // reserved, and broadcast
    ];

    // Global unicast. All IPv4-compatible, NAT64, unique local, link-local, site-local, and multicast addresses are outside.
    private static readonly IPNetwork s_globalIPv6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] s_specialIPv6 =
    [
        IPNetwork.Parse("2001::/23"), // protocol assignments, with Teredo, benchmarks, and ORCHID
        IPNetwork.Parse("2001:db8::/32"), // documentation
        IPNetwork.Parse("2002::/16"), // 6to4, which contains an IPv4 address
        IPNetwork.Parse("3ffe::/16"), // returned by 6bone
        IPNetwork.Parse("3fff::/20"), // documentation
    ];

    /// <summary>Returns whether the server may connect to an address that a client chose.</summary>
    public static bool IsPublic(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !Contains(s_specialIPv4, address),
        // IPNetwork.Contains is wrong for IPv4-mapped addresses: 2000::/3 contains ::ffff:8.8.8.8 in .NET 10.
        AddressFamily.InterNetworkV6 => !address.IsIPv4MappedToIPv6
            && s_globalIPv6.Contains(address)
            && !Contains(s_specialIPv6, address)
            && !IsIsatap(address),
        _ => false,
    };

    private static bool Contains(IPNetwork[] networks, IPAddress address)
    {
        foreach (var network in networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    // An ISATAP address (RFC 5214) ends with 0000:5efe or 0200:5efe and an IPv4 address, below any prefix.
    private static bool IsIsatap(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out _) && bytes[8..12] is [0x00 or 0x02, 0x00, 0x5E, 0xFE];
    }
}
