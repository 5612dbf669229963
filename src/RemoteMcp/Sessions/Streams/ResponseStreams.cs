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
/// Implements the part of the SDK's event store that writes the events of response streams. <see cref="StreamResumption"/> reads them for
/// clients that resume a stream, because it also reads the streams of other instances.
/// </summary>
#pragma warning disable MCP9006 // Resumability is for clients of 2025-11-25; those clients are what it exists for.
internal sealed partial class ResponseStreams(
    EventRows rows,
    SessionIds ids,
    FleetMembership fleet,
    IHttpContextAccessor requests,
    Shutdown shutdown,
    IOptions<SessionOptions> options,
    TimeProvider time,
    ILogger<ResponseStreams> logger) : ISseEventStreamStore, IInboxHandler, IAsyncDisposable
{
    private static readonly TimeSpan s_flushTimeout = TimeSpan.FromSeconds(15);

    private const string NotStarted = "The call did not start. Make the call again.";

    private readonly ConcurrentDictionary<(string Session, string Key), ResponseStream> _streams = new();
    private readonly ConcurrentDictionary<Task, byte> _flushes = new();
    private long _count;

    public TimeSpan FlushInterval => options.Value.EventFlush;

    public async ValueTask<ISseEventStreamWriter> CreateStreamAsync(
        SseEventStreamOptions stream, CancellationToken cancellationToken = default)
    {
        var features = requests.HttpContext?.Features;
        var envelope = features?.Get<JsonRpcEnvelope>();
        var request = envelope?.Id ?? default;
        // A request that this server itself sends to a session (Sessions.RestoreAsync) runs within a client's HTTP request, which has
        // another id. A client cannot resume it.
        // The response to initialize is not stored either, to save the transaction: a client that lost it begins a new session.
        if (request.Id is null
            || envelope!.Method == RequestMethods.Initialize
            || request.ToString() != stream.StreamId
            || !EventId.CanCarry(request))
        {
            return UnresumableStream.Instance;
        }

        // The request's id cannot be the key, because a client may use the id again after it got the answer.
        var name = "p" + Interlocked.Increment(ref _count).ToString("x", CultureInfo.InvariantCulture) + "x" + fleet.Id;
        var key = (await ids.StreamSignerAsync(stream.SessionId, cancellationToken))(name, fleet.Id, request);
        var call = features!.Get<RunningCall>()?.Keep();
        var writer = new ResponseStream(stream.SessionId, key, fleet.Id, request, call, rows, this, time);
        _streams[(stream.SessionId, key)] = writer;
        if (call is not null)
        {
            call.Stream = new CallStream(stream.SessionId, key, fleet.Term);
            call.Dispatch.OnStreamOpened(writer);
        }

        return writer;
    }

    /// <summary>
    /// Always returns <see langword="null"/>. The SDK never calls it, because requests with Last-Event-ID do not reach the SDK.
    /// </summary>
    public ValueTask<ISseEventStreamReader?> GetStreamReaderAsync(string lastEventId, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<ISseEventStreamReader?>(null);
#pragma warning restore MCP9006

    /// <summary>Returns a response stream of this instance that is still in memory.</summary>
    public ResponseStream? Find(string session, string key) => _streams.GetValueOrDefault((session, key));

    /// <summary>Handles the message of an instance whose client resumes a stream of this instance.</summary>
    public ValueTask<bool> TryHandleAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        if (message is not { Kind: InboxKind.StreamResumed, Subject: { } key } || Find(message.Session, key) is not { } stream)
        {
            return ValueTask.FromResult(false);
        }

        // The other instance reads the rows when they are written. This method does not wait for the write, because a handler that takes
        // longer than the delivery timeout fails, and delays the other messages of the session.
        stream.WriteThrough();
        return ValueTask.FromResult(true);
    }

    /// <summary>
    /// Returns the data of the last event of a stream whose call has no answer: an error when the server is stopping or the call did not
    /// start; otherwise no data, for example when the client has cancelled the call.
    /// </summary>
    public ReadOnlyMemory<byte> FinalData(RequestId request, bool started)
    {
        var message = !started ? NotStarted
            : shutdown.Stopping.IsCancellationRequested ? RequestLifetime.EndedByShutdown
            : null;
        return message is null ? default : StreamEvent.Serialize(new JsonRpcError
        {
            Id = request,
            Error = new() { Code = (int)McpErrorCode.InternalError, Message = message },
        });
    }

    public void FlushInBackground(ResponseStream stream) => Track(FlushAsync(stream));

    /// <summary>Writes the remaining events of a stream whose call has ended, and then removes the stream from memory.</summary>
    public void FlushAndRemove(ResponseStream stream) => Track(FlushAndRemoveAsync(stream));

    /// <summary>Waits for the writes that are in progress.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_flushes.Keys);

    private void Track(Task flush)
    {
        _flushes[flush] = 0;
        flush.ContinueWith(
            (done, _) => _flushes.TryRemove(done, out var _),
            null,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private async Task FlushAndRemoveAsync(ResponseStream stream)
    {
        await FlushAsync(stream);
        _streams.TryRemove((stream.Session, stream.Key), out _);
    }

    /// <summary>Writes the events of a stream that are not written yet. If that fails, a later flush writes them.</summary>
    public async Task FlushAsync(ResponseStream stream, CancellationToken cancellationToken = default)
    {
        using var bound = new CancellationTokenSource(s_flushTimeout, time);
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

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The server could not store events of a response stream. "
            + "A client that resumes the stream on another instance may get an error.")]
    private static partial void LogFlushFailed(ILogger logger, Exception exception);
}
