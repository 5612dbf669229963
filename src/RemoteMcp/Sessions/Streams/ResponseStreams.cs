using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Fleet;
using RemoteMcp.Http;
using RemoteMcp.Protocol;
using RemoteMcp.Storage;

namespace RemoteMcp.Sessions.Streams;

/// <summary>
/// The SDK's hook for resumability. It only writes here: resuming is served by <see cref="StreamResumption"/>, which knows other
/// instances too.
/// </summary>
#pragma warning disable MCP9006 // Resumability is for clients of 2025-11-25; those clients are what it exists for.
internal sealed partial class ResponseStreams(
    EventRows rows,
    FleetMembership fleet,
    IHttpContextAccessor requests,
    Shutdown shutdown,
    IOptions<SessionOptions> options,
    TimeProvider time,
    ILogger<ResponseStreams> logger) : ISseEventStreamStore, IInboxHandler, IAsyncDisposable
{
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<(string Session, string Key), ResponseStream> _streams = new();
    private readonly ConcurrentDictionary<Task, byte> _flushes = new();
    private long _count;

    public TimeSpan FlushInterval => options.Value.EventFlush;

    public ValueTask<ISseEventStreamWriter> CreateStreamAsync(SseEventStreamOptions stream, CancellationToken cancellationToken = default)
    {
        var features = requests.HttpContext?.Features;
        var envelope = features?.Get<JsonRpcEnvelope>();
        var request = envelope?.Id ?? default;
        // A message that another instance relayed is run within the request that brought it, and is not that request.
        // Who lost the answer to initialize begins again: it is not worth a transaction.
        if (request.Id is null || envelope!.Method == RequestMethods.Initialize || request.ToString() != stream.StreamId || !EventId.CanCarry(request))
        {
            return ValueTask.FromResult<ISseEventStreamWriter>(UnresumableStream.Instance);
        }

        // Not the request's id: a client may use one again after it was answered.
        var key = "p" + Interlocked.Increment(ref _count).ToString("x", CultureInfo.InvariantCulture) + "x" + fleet.Id;
        var writer = new ResponseStream(stream.SessionId, key, fleet.Id, request, features!.Get<RunningCall>()?.Keep(), rows, this, time);
        _streams[(stream.SessionId, key)] = writer;
        return ValueTask.FromResult<ISseEventStreamWriter>(writer);
    }

    /// <summary>Never asked: requests with Last-Event-ID do not reach the SDK.</summary>
    public ValueTask<ISseEventStreamReader?> GetStreamReaderAsync(string lastEventId, CancellationToken cancellationToken = default) => ValueTask.FromResult<ISseEventStreamReader?>(null);
#pragma warning restore MCP9006

    public ResponseStream? Find(string session, string key) => _streams.GetValueOrDefault((session, key));

    /// <summary>Another instance serves a client that resumes a stream of this one.</summary>
    public ValueTask<bool> TryHandleAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        if (message is not { Kind: InboxKind.StreamResumed, Subject: { } key } || Find(message.Session, key) is not { } stream)
        {
            return ValueTask.FromResult(false);
        }

        // Whoever asks reads the rows as they come; that the storage is slow does not say that the call is gone.
        stream.WriteThrough();
        return ValueTask.FromResult(true);
    }

    /// <summary>
    /// What a stream ends with whose call had no answer: an error when the server stops, nothing when the client cancelled.
    /// </summary>
    public ReadOnlyMemory<byte> FinalError(RequestId request) => !shutdown.Stopping.IsCancellationRequested ? default : StreamEvent.Serialize(new JsonRpcError
    {
        Id = request,
        Error = new() { Code = (int)McpErrorCode.InternalError, Message = RequestLifetime.ShuttingDown },
    });

    public void FlushInBackground(ResponseStream stream) => Track(FlushAsync(stream));

    /// <summary>Writes the rest of a stream whose call has ended. It stays findable until that is done.</summary>
    public void FlushAndForget(ResponseStream stream) => Track(FlushAndForgetAsync(stream));

    /// <summary>Waits for what is still being written.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_flushes.Keys);

    private void Track(Task flush)
    {
        _flushes[flush] = 0;
        flush.ContinueWith((done, _) => _flushes.TryRemove(done, out byte _), null, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task FlushAndForgetAsync(ResponseStream stream)
    {
        await FlushAsync(stream);
        _streams.TryRemove((stream.Session, stream.Key), out _);
    }

    /// <summary>Writes what a stream holds back; where the storage does not take it, a later flush does.</summary>
    public async Task FlushAsync(ResponseStream stream, CancellationToken cancellationToken = default)
    {
        using var bound = new CancellationTokenSource(FlushTimeout, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, bound.Token);
        try
        {
            await stream.FlushAsync(ends.Token);
        }
        catch (Exception exception) when (exception is StateUnavailableException or OperationCanceledException)
        {
            LogFlushFailed(logger, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events of a response stream could not be written; a client that resumes it elsewhere gets an error.")]
    private static partial void LogFlushFailed(ILogger logger, Exception exception);
}
