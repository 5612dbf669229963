using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using RemoteMcp.AuthorizationServer.Clients;

namespace RemoteMcp.Tests.AuthorizationServer.Clients;

/// <summary>
/// A host of documents on a loopback port that sends raw bytes. To the code under test, it has the public address 104.18.32.47: the test
/// resolves names and connects, and records both.
/// </summary>
internal sealed class DocumentHost : IAsyncDisposable
{
    public static readonly IPAddress PublicIPv4 = IPAddress.Parse("104.18.32.47");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private readonly Func<Stream, CancellationToken, Task> _serve;
    private readonly X509Certificate2? _certificate;

    public DocumentHost(Func<Stream, CancellationToken, Task> serve, X509Certificate2? certificate = null)
    {
        _serve = serve;
        _certificate = certificate;
        _listener.Start();
        _serving = ServeAsync();
    }

    public DocumentHost(string response, X509Certificate2? certificate = null)
        : this((stream, stop) => stream.WriteAsync(Encoding.UTF8.GetBytes(response), stop).AsTask(), certificate)
    {
    }

    /// <summary>Gets or sets the addresses of every name.</summary>
    public Func<string, IPAddress[]> Resolve { get; set; } = static _ => [PublicIPv4];

    public List<string> Resolved { get; } = [];

    public List<IPEndPoint> Connected { get; } = [];

    public List<string> Requests { get; } = [];

    /// <summary>Returns the handler under test.</summary>
    public SocketsHttpHandler CreateHandler() => PublicHttpHandler.Create(
        (name, _) =>
        {
            Resolved.Add(name);
            return Task.FromResult(Resolve(name));
        },
        async (address, cancellationToken) =>
        {
            Connected.Add(address);
            var client = new TcpClient();
            await client.ConnectAsync((IPEndPoint)_listener.LocalEndpoint, cancellationToken);
            return client.GetStream();
        });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _stop.Dispose();
        _listener.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await ServeAsync(client.GetStream());
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(NetworkStream connection)
    {
        try
        {
            await using Stream stream = _certificate is null ? connection : new SslStream(connection);
            if (stream is SslStream tls)
            {
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
            }

            var buffer = new byte[8192];
            var request = "";
            while (!request.EndsWith("\r\n\r\n", StringComparison.Ordinal)
                && await stream.ReadAsync(buffer, _stop.Token) is > 0 and var read)
            {
                request += Encoding.ASCII.GetString(buffer, 0, read);
            }

            Requests.Add(request);
            await _serve(stream, _stop.Token);
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            // The client closed the connection.
        }
    }
}
