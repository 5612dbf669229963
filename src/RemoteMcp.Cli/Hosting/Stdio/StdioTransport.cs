using System.Text.Json;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RemoteMcp.Protocol;

namespace RemoteMcp.Cli.Hosting.Stdio;

/// <summary>
/// Connects the SDK's server to standard input and output: one message in each line (2025-11-25, Transports, "stdio"). The SDK's own
/// transport drops lines that are not messages, batches, and every response after the end of the input. This transport refuses a message in
/// the same cases and with the same errors as the server over HTTP, and it stays connected until every request has its response.
/// </summary>
internal sealed partial class StdioTransport : TransportBase
{
    private static readonly byte[] s_newline = "\n"u8.ToArray();

    private readonly Stream _output;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly PendingRequests _pending = new();
    private readonly CancellationTokenSource _outputClosed = new();
    private bool _isInitialized;

    /// <summary>Initializes a new instance, which is connected.</summary>
    /// <param name="output">The stream for the messages of the server. It stays open.</param>
    /// <param name="loggers">The factory of loggers.</param>
    public StdioTransport(Stream output, ILoggerFactory loggers)
        : base("stdio", loggers)
    {
        _output = output;
        _logger = loggers.CreateLogger<StdioTransport>();
        SetConnected();
    }

    /// <summary>Gets the revision that the client and the server have agreed on; <see langword="null"/> before <c>initialize</c>.</summary>
    public string? Revision { get; private set; }

    /// <summary>Gets a token that is cancelled when the client has closed the output, so that nobody receives responses.</summary>
    public CancellationToken OutputClosed => _outputClosed.Token;

    /// <summary>Gives a message of the client to the SDK, or refuses it.</summary>
    /// <param name="line">The message, as JSON in UTF-8.</param>
    /// <param name="cancellationToken">The token that ends the wait for the response to <c>initialize</c>.</param>
    public async Task ReceiveAsync(byte[] line, CancellationToken cancellationToken)
    {
        // "If the server does not receive a revision, it SHOULD assume 2025-03-26", which has batches, before initialize (as over HTTP).
        if (!JsonRpcBatch.IsArray(line) || Revision is not (null or ProtocolRevisions.Batches))
        {
            await ReceiveAsync(StdioMessage.Read(line, isMember: false, _isInitialized), batch: null, cancellationToken);
            return;
        }

        StdioMessage[] messages;
        try
        {
            messages = [.. JsonRpcBatch.Split(line).Select(member => StdioMessage.Read(member, isMember: true, _isInitialized))];
        }
        catch (McpProtocolException exception)
        {
            await RefuseAsync((int)exception.ErrorCode, exception.Message);
            return;
        }
        catch (JsonException exception)
        {
            await RefuseAsync((int)McpErrorCode.ParseError, JsonRpcEnvelope.DescribeParseError(exception));
            return;
        }

        var batch = new PendingBatch(messages.Count(static message => message.GetsResponse));
        foreach (var message in messages)
        {
            await ReceiveAsync(message, batch, cancellationToken);
        }
    }

    /// <summary>Answers a line that contains no message that the server can read.</summary>
    public Task RefuseAsync(int code, string message) => RefuseAsync(default, new() { Code = code, Message = message }, batch: null);

    /// <summary>
    /// Waits until every request has its response. The client can no longer answer requests of the server, so they fail.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        foreach (var id in _pending.StopAsking())
        {
            await WriteMessageAsync(
                new JsonRpcError
                {
                    Id = id,
                    Error = new() { Code = (int)McpErrorCode.InternalError, Message = "The client closed its side of the connection." },
                },
                cancellationToken);
        }

        await _pending.AllSentAsync(cancellationToken);
    }

    /// <summary>Disconnects. Each request without a response gets an error.</summary>
    /// <param name="reason">The message of the errors, except for requests that last until now.</param>
    public async Task CloseAsync(string reason)
    {
        foreach (var id in _pending.Unanswered())
        {
            await EndAsync(id, reason);
        }

        foreach (var id in _pending.Listening())
        {
            await EndAsync(id, "The subscription has ended, because the connection closes.");
        }

        SetDisconnected();

        Task EndAsync(RequestId id, string message)
        {
            var error = new JsonRpcErrorDetail { Code = (int)McpErrorCode.InternalError, Message = message };
            return SendMessageAsync(new JsonRpcError { Id = id, Error = error }, CancellationToken.None);
        }
    }

    public override async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        if (message is JsonRpcRequest request && !_pending.TryAsk(request.Id))
        {
            throw new McpException("The client closed its input, so it cannot answer.");
        }

        if (message is not (JsonRpcResponse or JsonRpcError))
        {
            await WriteAsync(StdioMessage.Write(message), cancellationToken);
            return;
        }

        var id = ((JsonRpcMessageWithId)message).Id;
        if (message is JsonRpcResponse { Result: { } result } && _pending.IsInitialize(id))
        {
            _isInitialized = true;
            Revision = (string?)result["protocolVersion"];
        }

        if (_pending.TryTake(id, out var batch))
        {
            await RespondAsync(StdioMessage.Write(message), batch, cancellationToken);
        }
        else if (_pending.TryTakeListening(id))
        {
            await WriteAsync(StdioMessage.Write(message), cancellationToken);
        }

        // Otherwise, the client has cancelled the request, or got an error when the connection closed.
    }

    /// <summary>Disconnects. The streams belong to the caller.</summary>
    public override ValueTask DisposeAsync()
    {
        SetDisconnected();
        return ValueTask.CompletedTask;
    }

    private async Task ReceiveAsync(StdioMessage message, PendingBatch? batch, CancellationToken cancellationToken)
    {
        if (message.Problem is { } problem)
        {
            await RefuseAsync(message.Id, problem, batch);
            return;
        }

        var received = message.Message!;
        switch (received)
        {
            case JsonRpcRequest when message.IsListening:
                _pending.AddListening(message.Id);
                break;
            case JsonRpcRequest request:
                _pending.Add(request, batch);
                break;
            case JsonRpcResponse or JsonRpcError:
                _pending.OnAnswered(message.Id);
                break;
        }

        await WriteMessageAsync(received, cancellationToken);
        if (received is JsonRpcRequest { Method: RequestMethods.Initialize })
        {
            // The SDK processes messages concurrently, but the next message needs the revision and the client's capabilities.
            await _pending.AnsweredAsync(message.Id, cancellationToken);
        }
        else if (received is JsonRpcNotification && _pending.TryCancel(message.CancelledId, out var cancelledIn))
        {
            // "The receiver MUST NOT send a response for the cancelled request." (2025-11-25, Cancellation)
            await RespondAsync(default, cancelledIn, cancellationToken);
        }
    }

    private async Task RefuseAsync(RequestId id, JsonRpcErrorDetail problem, PendingBatch? batch)
    {
        LogRefused(_logger, problem.Message);
        var error = JsonSerializer.SerializeToUtf8Bytes(
            new JsonRpcError { Id = id, Error = problem }, ErrorJson.TypeInfo(inBatch: batch is not null));
        if (batch is null)
        {
            await WriteAsync(error, CancellationToken.None);
        }
        else if (batch.Add(error) is { } responses)
        {
            await WriteAsync(responses, CancellationToken.None);
        }
    }

    private async Task RespondAsync(ReadOnlyMemory<byte> response, PendingBatch? batch, CancellationToken cancellationToken)
    {
        try
        {
            var complete = batch is null ? response : batch.Add(response.Span);
            if (complete is { IsEmpty: false } json)
            {
                await WriteAsync(json, cancellationToken);
            }
        }
        finally
        {
            _pending.OnSent();
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // A cancelled write would leave half a line.
            await _output.WriteAsync(json, CancellationToken.None);
            await _output.WriteAsync(s_newline, CancellationToken.None);
            await _output.FlushAsync(CancellationToken.None);
        }
        catch (IOException)
        {
            await _outputClosed.CancelAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a line of the input: {Problem}")]
    private static partial void LogRefused(ILogger logger, string problem);
}
