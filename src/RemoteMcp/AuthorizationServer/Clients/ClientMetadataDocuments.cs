using System.Threading.RateLimiting;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;
using RemoteMcp.ToolCalls;

namespace RemoteMcp.AuthorizationServer.Clients;

/// <summary>
/// Provides clients from their metadata documents, and caches the documents in the process. Anyone can name a URL, so the number of cached
/// documents and of downloads at the same time is limited. Requests for one URL share one download.
/// </summary>
internal sealed partial class ClientMetadataDocuments(
    HttpMessageHandler handler, RedirectPolicy policy, TimeProvider time, ILogger<ClientMetadataDocuments> logger) : IDisposable
{
    /// <summary>The maximum number of documents and failures in the cache.</summary>
    public const int Capacity = 1000;

    /// <summary>The maximum number of downloads at the same time.</summary>
    public const int MaxDownloads = 8;

    /// <summary>The time for which a failure is remembered.</summary>
    public static readonly TimeSpan FailureLifetime = TimeSpan.FromMinutes(1);

    private readonly DocumentReader _reader = new(handler, time);
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = Capacity });
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions { PermitLimit = MaxDownloads });
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<Result>> _downloads = new(StringComparer.Ordinal);

    /// <summary>Gets the number of cached documents and failures.</summary>
    public int Count => _cache.Count;

    /// <summary>
    /// Returns the client that a document describes. Cancellation ends only this wait, and not a download that others share.
    /// </summary>
    /// <exception cref="ClientRefusedException">The URL or the document is refused, or too many documents are being downloaded.</exception>
    public async ValueTask<ClientApplication> GetAsync(string clientId, CancellationToken cancellationToken)
    {
        if (ClientMetadataUrl.FindProblem(clientId, out var url) is { } problem)
        {
            throw Refusal(clientId, problem);
        }

        var result = FindCached(clientId) ?? await Start(clientId, url!).WaitAsync(cancellationToken);
        return result.Client ?? throw Refusal(clientId, result.Problem);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _cache.Dispose();
        _limiter.Dispose();
    }

    private static ClientRefusedException Refusal(string clientId, string problem) =>
        new($"This server does not accept the client {SafeText.Quote(clientId)}. {problem}");

    private Result? FindCached(string clientId) =>
        _cache.TryGetValue(clientId, out Result? cached) && time.GetUtcNow() < cached!.Expires ? cached : null;

    private Task<Result> Start(string clientId, Uri url)
    {
        lock (_lock)
        {
            if (_downloads.TryGetValue(clientId, out var running))
            {
                return running;
            }

            // Another request may have completed the download before this one took the lock.
            if (FindCached(clientId) is { } cached)
            {
                return Task.FromResult(cached);
            }

            var permit = _limiter.AttemptAcquire();
            if (!permit.IsAcquired)
            {
                permit.Dispose();
                throw Refusal(clientId, $"It is downloading the metadata of {MaxDownloads} other clients. Try again in a few seconds.");
            }

            // The download must not run under the lock, and it belongs to no single request.
            return _downloads[clientId] = Task.Run(() => DownloadAsync(clientId, url, permit));
        }
    }

    private async Task<Result> DownloadAsync(string clientId, Uri url, RateLimitLease permit)
    {
        try
        {
            var result = await ReadAsync(url);
            Cache(clientId, result);
            return result;
        }
        finally
        {
            lock (_lock)
            {
                _downloads.Remove(clientId);
            }

            permit.Dispose();
        }
    }

    private async Task<Result> ReadAsync(Uri url)
    {
        try
        {
            var (json, lifetime) = await _reader.ReadAsync(url);
            return new Result(ClientDocument.Read(json, url, policy), "", time.GetUtcNow() + lifetime);
        }
        catch (ClientRefusedException exception)
        {
            return Failure(exception.Message);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            var problem = exception is HttpRequestException http ? http.HttpRequestError.ToString() : exception.GetType().Name;
            LogFailed(url, problem);
            return Failure("Its metadata document could not be read: the connection failed.");
        }
    }

    private Result Failure(string problem) => new(null, problem, time.GetUtcNow() + FailureLifetime);

    private void Cache(string clientId, Result result)
    {
        using var entry = _cache.CreateEntry(clientId);
        entry.Size = 1;
        entry.Priority = result.Client is null ? CacheItemPriority.Low : CacheItemPriority.Normal;
        // FindCached decides with the clock of the server. This time lets the cache remove the entry.
        entry.AbsoluteExpirationRelativeToNow = result.Expires - time.GetUtcNow();
        entry.Value = result;
    }

    // Anyone can name a URL, so the entry has no stack trace.
    [LoggerMessage(LogLevel.Information, "The metadata document of the client {Url} could not be read: {Problem}")]
    private partial void LogFailed(Uri url, string problem);

    private sealed record Result(ClientApplication? Client, string Problem, DateTimeOffset Expires);
}
