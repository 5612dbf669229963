using ModelContextProtocol.Authentication;
using ModelContextProtocol.Client;

namespace RemoteMcp.EndToEnd.Clients;

/// <summary>
/// Connects the C# client with a timeout that is long enough for a busy machine. By default, the client allows five seconds for the first
/// response of 2026-07-28. That includes the start of a stdio server.
/// </summary>
internal static class PatientClient
{
    // The connection can include a sign-in in a browser.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    /// <summary>Connects to the MCP endpoint at <paramref name="address"/> with the protocol revision that has no sessions.</summary>
    public static Task<McpClient> ConnectAsync(Uri address, CancellationToken cancellationToken) =>
        ConnectAsync(Http(address, HttpTransportMode.StreamableHttp, "mcp"), "2026-07-28", cancellationToken);

    /// <summary>Connects with exactly one protocol revision.</summary>
    public static Task<McpClient> ConnectAsync(IClientTransport transport, string protocolVersion, CancellationToken cancellationToken) =>
        McpClient.CreateAsync(
            transport,
            new McpClientOptions
            {
                ProtocolVersion = protocolVersion,
                DiscoverProbeTimeout = Timeout.InfiniteTimeSpan,
                InitializationTimeout = s_limit,
            },
            cancellationToken: cancellationToken);

    /// <summary>Creates the HTTP transport to <paramref name="path"/> of the server at <paramref name="address"/>.</summary>
    /// <param name="address">The address of the server.</param>
    /// <param name="mode">The transport.</param>
    /// <param name="path">The path of the endpoint.</param>
    /// <param name="signIn">How the client signs in, if the server requires it.</param>
    public static HttpClientTransport Http(Uri address, HttpTransportMode mode, string path, ClientOAuthOptions? signIn = null) => new(
        new HttpClientTransportOptions
        {
            Endpoint = new Uri(address, path),
            TransportMode = mode,
            ConnectionTimeout = s_limit,
            OAuth = signIn,
        },
        new HttpClient { Timeout = Timeout.InfiniteTimeSpan },
        ownsHttpClient: true);
}
