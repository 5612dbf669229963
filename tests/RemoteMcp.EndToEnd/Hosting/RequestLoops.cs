using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using RemoteMcp.Testing.Http;

namespace RemoteMcp.EndToEnd.Hosting;

/// <summary>
/// Clients that send one request after another, each on its own keep-alive connection. They send again immediately after a 503 response
/// and after a refused connection, and count everything else as a failure.
/// </summary>
internal sealed class RequestLoops(Uri address)
{
    private int _answered;
    private int _unavailable;

    /// <summary>Gets the number of requests with a result.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Gets the number of requests that the server refused with a complete 503 response.</summary>
    public int Unavailable => Volatile.Read(ref _unavailable);

    /// <summary>Gets the requests that failed in another way, for example because the connection was reset.</summary>
    public ConcurrentBag<string> Failures { get; } = [];

    /// <summary>Runs the clients until the token is cancelled.</summary>
    /// <param name="clients">The number of clients.</param>
    /// <param name="untilUnavailable">Whether a client ends after its first 503 response.</param>
    /// <param name="over">The token that ends the clients.</param>
    public Task RunAsync(int clients, bool untilUnavailable, CancellationToken over) =>
        Task.WhenAll(Enumerable.Range(0, clients).Select(_ => RunOneAsync(untilUnavailable, over)));

    private async Task RunOneAsync(bool untilUnavailable, CancellationToken over)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 1, UseProxy = false };
        using var http = new HttpClient(handler) { BaseAddress = address };
        while (!over.IsCancellationRequested)
        {
            try
            {
                using var request = Messages.PostStateless(Messages.StatelessListTools);
                using var response = await http.SendAsync(request, over);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    Interlocked.Increment(ref _answered);
                }
                else if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
                {
                    Interlocked.Increment(ref _unavailable);
                    if (untilUnavailable)
                    {
                        return;
                    }

                    if (response.Headers is not { RetryAfter: not null, ConnectionClose: true })
                    {
                        Failures.Add($"503 without Retry-After or Connection: close: {response.Headers}");
                    }
                }
                else
                {
                    Failures.Add($"{(int)response.StatusCode}");
                }
            }
            catch (HttpRequestException exception)
                when (exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
            {
                // The listener is closed. Other instances would accept the next request.
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                return;
            }
            catch (HttpRequestException exception)
            {
                Failures.Add(exception.ToString());
            }
        }
    }
}
