using ModelContextProtocol.Client;

namespace RemoteMcp.EndToEnd.Clients;

/// <summary>
/// The C# client with patience for a busy machine: by itself it gives the first answer of 2026-07-28 five seconds, in which a server over
/// stdio has to start as well.
/// </summary>
internal static class PatientClient
{
    // A person's sign-in in a browser may be part of it.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    /// <summary>Connects at the revision that has no sessions, to the MCP endpoint at <paramref name="address"/>.</summary>
    public static Task<McpClient> ConnectAsync(Uri address, CancellationToken cancellationToken) =>
        ConnectAsync(Http(address, HttpTransportMode.StreamableHttp, "mcp"), "2026-07-28", cancellationToken);

    /// <summary>Connects at one revision and no other.</summary>
    public static Task<McpClient> ConnectAsync(IClientTransport transport, string protocolVersion, CancellationToken cancellationToken) =>
        McpClient.CreateAsync(
            transport,
            new McpClientOptions { ProtocolVersion = protocolVersion, DiscoverProbeTimeout = Timeout.InfiniteTimeSpan, InitializationTimeout = s_limit },
            cancellationToken: cancellationToken);

    /// <summary>The way to <paramref name="path"/> of the server at <paramref name="address"/>.</summary>
    public static HttpClientTransport Http(Uri address, HttpTransportMode mode, string path) => new(
        new HttpClientTransportOptions { Endpoint = new Uri(address, path), TransportMode = mode, ConnectionTimeout = s_limit },
        new HttpClient { Timeout = Timeout.InfiniteTimeSpan },
        ownsHttpClient: true);
}
