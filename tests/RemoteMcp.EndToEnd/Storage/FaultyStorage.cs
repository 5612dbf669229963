using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.Storage;
using RemoteMcp.Storage.Tables;

namespace RemoteMcp.EndToEnd.Storage;

/// <summary>
/// The stores of two instances on the same tables of Azurite. The requests of <see cref="Store"/> are counted and meet the faults that a
/// test adds. The requests of <see cref="Other"/> have no faults.
/// </summary>
internal sealed class FaultyStorage : DelegatingHandler
{
    private readonly ConcurrentQueue<Func<Func<Task<HttpResponseMessage>>, CancellationToken, Task<HttpResponseMessage>>> _faults = new();
    private readonly ConcurrentQueue<string> _requests = new();

    public FaultyStorage(AzuriteProcess azurite, TimeProvider time, TimeSpan? networkTimeout = null)
        : base(new SocketsHttpHandler())
    {
        var options = LongTimeoutTables.Options(new HttpClientTransport(this));
        options.Retry.NetworkTimeout = networkTimeout ?? options.Retry.NetworkTimeout;
        Service = new TableServiceClient(azurite.ConnectionString, options);
        Store = new TableStateStore(Service, Prefix, new StorageClock(time));
        Other = new TableStateStore(new TableServiceClient(azurite.ConnectionString), Prefix, new StorageClock(time));
    }

    public TableServiceClient Service { get; }

    public TableStateStore Store { get; }

    public TableStateStore Other { get; }

    public string Prefix { get; } = SharedAzurite.UniqueName();

    /// <summary>The requests so far: the method, and the end of the path if necessary.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>Storage applies the request, and the response is lost.</summary>
    public void LoseAnswer() => _faults.Enqueue(async (send, _) =>
    {
        (await send()).Dispose();
        throw new HttpRequestException("The connection broke.");
    });

    /// <summary>Storage applies the request, and the response never arrives.</summary>
    public void KeepAnswer() => _faults.Enqueue(async (send, cancellationToken) =>
    {
        (await send()).Dispose();
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new InvalidOperationException();
    });

    /// <summary>The request does not arrive.</summary>
    public void LoseRequest() => _faults.Enqueue((_, _) => throw new HttpRequestException("The connection broke."));

    /// <summary>The storage refuses the request.</summary>
    public void Refuse(HttpStatusCode status, TimeSpan? retryAfter = null) => _faults.Enqueue((_, _) =>
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent("") };
        response.Headers.RetryAfter = retryAfter is { } delay ? new RetryConditionHeaderValue(delay) : null;
        return Task.FromResult(response);
    });

    /// <summary>An action runs before the request arrives.</summary>
    public void Before(Func<Task> act) => _faults.Enqueue(async (send, _) =>
    {
        await act();
        return await send();
    });

    /// <summary>The request has no fault.</summary>
    public void Pass() => _faults.Enqueue((send, _) => send());

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        _requests.Enqueue(
            path.EndsWith("/$batch", StringComparison.Ordinal) ? "BATCH"
            : path.EndsWith("/Tables", StringComparison.Ordinal) ? "CREATE"
            : request.Method.Method);
        return _faults.TryDequeue(out var fault)
            ? fault(() => base.SendAsync(request, cancellationToken), cancellationToken)
            : base.SendAsync(request, cancellationToken);
    }
}
