using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using RemoteMcp.Configuration;

namespace RemoteMcp.Cli.Doctor;

/// <summary>
/// Represents what the checks of one run of the doctor command share: the connection to the server, and the results that later checks need.
/// </summary>
internal sealed class CheckContext : IDisposable
{
    /// <summary>The maximum duration of one request.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(15);

    private const int MaxDocument = 1024 * 1024;

    private readonly SocketsHttpHandler _handler;

    /// <summary>Initializes a new instance for an endpoint.</summary>
    /// <param name="endpoint">The URL of the MCP endpoint.</param>
    /// <param name="connect">The delegate that opens connections, or null to connect to the address of the endpoint.</param>
    /// <param name="trust">The certificates to trust, or null to trust those of this machine.</param>
    /// <param name="origins">The origins that the checks may use, or null for those that need no consent.</param>
    public CheckContext(
        Uri endpoint,
        Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect = null,
        X509ChainPolicy? trust = null,
        OriginPolicy? origins = null)
    {
        Endpoint = endpoint;
        Origins = origins ?? new OriginPolicy(endpoint);
        // The checks report a redirect and do not follow it, because the token would go to another address.
        _handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = RequestTimeout,
            ConnectCallback = connect,
        };
        _handler.SslOptions.CertificateChainPolicy = trust;
        _handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
        {
            CertificateExpires = (certificate as X509Certificate2)?.NotAfter;
            CertificateErrors = errors;
            return errors == SslPolicyErrors.None;
        };
        Http = CreateClient(Origins.IsAllowed);
    }

    public Uri Endpoint { get; }

    /// <summary>Gets the origins that the checks may use.</summary>
    public OriginPolicy Origins { get; }

    /// <summary>Gets the client for all requests. It sends requests only to allowed origins.</summary>
    public HttpClient Http { get; }

    /// <summary>Gets the token that is sent with all requests to the origin of the endpoint, or null before the sign-in.</summary>
    public string? Token { get; private set; }

    public DateTime? CertificateExpires { get; private set; }

    public SslPolicyErrors CertificateErrors { get; private set; }

    /// <summary>Gets or sets a value that indicates whether the server does not respond. If it is true, no other checks run.</summary>
    public bool IsUnreachable { get; set; }

    /// <summary>Gets or sets a value that indicates whether the server requires a token.</summary>
    public bool NeedsSignIn { get; set; }

    /// <summary>Gets or sets the scopes of the challenge, separated by spaces.</summary>
    public string? Scope { get; set; }

    /// <summary>Gets or sets the first authorization server in the resource metadata.</summary>
    public Uri? Issuer { get; set; }

    /// <summary>Gets a value that indicates whether clients sign in at the server itself, and not at Entra ID.</summary>
    public bool HasOwnSignIn => Issuer is not null && Origins.IsOwn(Issuer);

    /// <summary>Gets or sets the page of Entra ID to which the server sends people who sign in at the server.</summary>
    public Uri? EntraPage { get; set; }

    /// <summary>Gets or sets the issuer of Entra ID, <c>https://HOST/TENANT/v2.0</c>.</summary>
    public Uri? EntraIssuer { get; set; }

    /// <summary>Gets or sets a value that indicates whether the checks of the sign-in at the server itself found no problem.</summary>
    public bool CanSignInAtServer { get; set; }

    /// <summary>
    /// Gets a value that indicates whether a client can connect. The server must not require a token, or a token must be available.
    /// </summary>
    public bool CanConnect => !IsUnreachable && (!NeedsSignIn || Token is not null);

    /// <summary>
    /// Returns the URL of another path of the same server. If the endpoint is https://HOST/base/mcp, the path /healthz gives
    /// https://HOST/base/healthz.
    /// </summary>
    public Uri SiblingUrl(string path)
    {
        var endpointPath = Endpoint.AbsolutePath.TrimEnd('/');
        var end = endpointPath.EndsWith(RemoteMcpOptions.McpPath, StringComparison.OrdinalIgnoreCase)
            ? endpointPath.Length - RemoteMcpOptions.McpPath.Length
            : endpointPath.Length;
        return new Uri(Endpoint, endpointPath[..end] + path);
    }

    /// <summary>
    /// Creates a client that sends requests only to the origin of the endpoint. A sign-in with it cannot send codes and tokens elsewhere.
    /// </summary>
    public HttpClient CreateSameOriginClient() => CreateClient(Origins.IsOwn);

    /// <summary>Gets or sets the token that the user provided. It is used if the server requires a token.</summary>
    public string? GivenToken { get; set; }

    /// <summary>Sends a <c>tools/list</c> request. A server that requires a token rejects it if the token is missing or invalid.</summary>
    public async Task<HttpResponseMessage> SendAsync(string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Endpoint)
        {
            Content = JsonContent.Create(new { jsonrpc = "2.0", id = 1, method = RequestMethods.ToolsList, @params = new { } }),
        };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Returns whether a request failed because the server did not respond, and not because the checks were canceled.</summary>
    public static bool IsNoResponse(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>Returns whether a document could not be read: the server did not respond, or the document is not as expected.</summary>
    public static bool IsUnreadable(Exception exception, CancellationToken cancellationToken) =>
        IsNoResponse(exception, cancellationToken) || exception switch
        {
            JsonException
                or IOException
                or InvalidOperationException
                or KeyNotFoundException
                or IndexOutOfRangeException
                or UriFormatException
                or NotSupportedException
                or ArgumentException => true,
            _ => false,
        };

    /// <summary>Sends a token with all later requests to the origin of the endpoint.</summary>
    public void UseToken(string token) => Token = token;

    /// <summary>Connects the SDK's client with one revision of the protocol.</summary>
    public async Task<McpClient> ConnectAsync(HttpTransportMode mode, string? revision, CancellationToken cancellationToken)
    {
        var transport = new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = mode == HttpTransportMode.Sse ? SiblingUrl(RemoteMcpOptions.McpPath + "/sse") : Endpoint,
                TransportMode = mode,
                ConnectionTimeout = RequestTimeout,
            },
            Http);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(RequestTimeout);
        var options = new McpClientOptions
        {
            ProtocolVersion = revision,
            ClientInfo = new() { Name = "remote-mcp doctor", Version = "1" },
            // By default, the client waits 5 s for the first response of 2026-07-28. A server that has to start first can take longer.
            DiscoverProbeTimeout = Timeout.InfiniteTimeSpan,
        };
        return await McpClient.CreateAsync(transport, options, cancellationToken: bound.Token);
    }

    public void Dispose()
    {
        Http.Dispose();
        _handler.Dispose();
    }

    private HttpClient CreateClient(Func<Uri, bool> isAllowed) =>
        new(new OriginHandler(isAllowed, this) { InnerHandler = _handler }, disposeHandler: false)
        {
            Timeout = RequestTimeout,
            MaxResponseContentBufferSize = MaxDocument,
        };
}
