using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using RemoteMcp.Configuration;

namespace RemoteMcp.Cli.Doctor;

/// <summary>One visit of a server: how it is reached, and what earlier checks found that later ones need.</summary>
internal sealed class Visit : IDisposable
{
    /// <summary>The longest that one request may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private const int MaxDocument = 1024 * 1024;

    private readonly SocketsHttpHandler _handler;

    /// <param name="endpoint">The MCP endpoint.</param>
    /// <param name="connect">Makes its connections; by its address when left out.</param>
    public Visit(Uri endpoint, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect = null)
    {
        Endpoint = endpoint;
        // Redirects are findings: a client that follows one would send its token elsewhere.
        _handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = Patience, ConnectCallback = connect };
        _handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
        {
            CertificateExpires = (certificate as X509Certificate2)?.NotAfter;
            CertificateErrors = errors;
            return errors == SslPolicyErrors.None;
        };
        Http = new HttpClient(_handler) { Timeout = Patience, MaxResponseContentBufferSize = MaxDocument };
    }

    public Uri Endpoint { get; }

    public HttpClient Http { get; }

    public DateTime? CertificateExpires { get; private set; }

    public SslPolicyErrors CertificateErrors { get; private set; }

    /// <summary>Nothing answers at the address: the rest has nothing to look at.</summary>
    public bool IsUnreachable { get; set; }

    /// <summary>The server wants a token.</summary>
    public bool NeedsSignIn { get; set; }

    /// <summary>The scopes of the challenge, separated by blanks.</summary>
    public string? Scope { get; set; }

    /// <summary>The first authorization server of the metadata.</summary>
    public Uri? Issuer { get; set; }

    /// <summary>Whether a client can be connected: no token is needed, or there is one.</summary>
    public bool CanConnect => !IsUnreachable && (!NeedsSignIn || Http.DefaultRequestHeaders.Authorization is not null);

    /// <summary>An address beside the endpoint, below the same path base.</summary>
    public Uri Beside(string path)
    {
        var own = Endpoint.AbsolutePath.TrimEnd('/');
        var end = own.EndsWith(RemoteMcpOptions.McpPath, StringComparison.OrdinalIgnoreCase) ? own.Length - RemoteMcpOptions.McpPath.Length : own.Length;
        return new Uri(Endpoint, own[..end] + path);
    }

    /// <summary>The token that the person brought, used where the server asks for one.</summary>
    public string? GivenToken { get; set; }

    /// <summary>A request that every server refuses who wants a token and gets none, or one that is not good.</summary>
    public async Task<HttpResponseMessage> AskAsync(string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Endpoint)
        {
            Content = JsonContent.Create(new { jsonrpc = "2.0", id = 1, method = RequestMethods.ToolsList, @params = new { } }),
        };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Whether a request failed because no answer came, rather than because the examination ends.</summary>
    public static bool IsSilence(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>Sends a token from now on.</summary>
    public void Use(string token) => Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

    /// <summary>Connects the SDK's client at one revision of the protocol.</summary>
    public async Task<McpClient> ConnectAsync(HttpTransportMode mode, string? revision, CancellationToken cancellationToken)
    {
        var transport = new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = mode == HttpTransportMode.Sse ? Beside(RemoteMcpOptions.McpPath + "/sse") : Endpoint,
                TransportMode = mode,
                ConnectionTimeout = Patience,
            },
            Http);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Patience);
        var options = new McpClientOptions
        {
            ProtocolVersion = revision,
            ClientInfo = new() { Name = "remote-mcp doctor", Version = "1" },
            // By itself the client gives the first answer of 2026-07-28 five seconds: a server that has to wake up is not a broken one.
            DiscoverProbeTimeout = Timeout.InfiniteTimeSpan,
        };
        return await McpClient.CreateAsync(transport, options, cancellationToken: bound.Token);
    }

    public void Dispose()
    {
        Http.Dispose();
        _handler.Dispose();
    }
}
