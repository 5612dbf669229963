using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.Elicitation;

/// <summary>
/// Ends calls whose requests to the client, such as <c>elicitation/create</c>, get no answer in time. Only clients of revision 2025-11-25
/// and earlier get such requests. Their call waits in memory for the answer, also after the client has left.
/// </summary>
internal sealed class OpenQuestions(IOptions<ElicitationOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string? Session, RequestId Id), WaitingCall> _open = new();
    private readonly AsyncLocal<WaitingCall?> _current = new();

    /// <summary>The filter of messages from the client.</summary>
    public McpMessageHandler Incoming(McpMessageHandler next) => (context, cancellationToken) =>
    {
        switch (context.JsonRpcMessage)
        {
            // A request of 2026-07-28 has no session, and the server sends no requests to its client.
            case JsonRpcRequest { Context.RelatedTransport: not null } when context.Server.SessionId is null:
                return next(context, cancellationToken);
            case JsonRpcRequest request:
                return RunAsync(request, next, context, cancellationToken);
            case JsonRpcResponse or JsonRpcError:
                var id = ((JsonRpcMessageWithId)context.JsonRpcMessage).Id;
                if (_open.TryRemove((context.Server.SessionId, id), out var answered))
                {
                    answered.OnAnswer();
                }

                break;
        }

        return next(context, cancellationToken);
    };

    /// <summary>The filter of messages to the client.</summary>
    public McpMessageHandler Outgoing(McpMessageHandler next) => (context, cancellationToken) =>
    {
        if (context.JsonRpcMessage is JsonRpcRequest request && _current.Value is { } call)
        {
            var key = (context.Server.SessionId, request.Id);
            _open[key] = call;
            call.OnQuestion(key, options.Value.AnswerTimeout);
        }
        else if (context.JsonRpcMessage is JsonRpcNotification { Method: NotificationMethods.CancelledNotification } cancelled
            && cancelled.Params?["requestId"].Deserialize<RequestId>(McpJsonUtilities.DefaultOptions) is { } withdrawn
            && _open.TryRemove((context.Server.SessionId, withdrawn), out var waiting))
        {
            // The tool no longer waits for this answer.
            waiting.OnAnswer();
        }

        return next(context, cancellationToken);
    };

    private async Task RunAsync(
        JsonRpcRequest request, McpMessageHandler next, MessageContext context, CancellationToken cancellationToken)
    {
        using var call = new WaitingCall(time, cancellationToken);
        _current.Value = call;
        try
        {
            await next(context, call.Token);
        }
        catch (OperationCanceledException exception) when (call.IsOverdue && !cancellationToken.IsCancellationRequested)
        {
            throw new McpProtocolException(
                $"'{request.Method}' has ended, because the client did not answer the server's question within "
                    + $"{options.Value.AnswerTimeout.TotalMinutes:0.##} minutes. Call again to ask again. Operators set the time in "
                    + $"{ElicitationOptions.Section}:{nameof(ElicitationOptions.AnswerTimeout)}.",
                exception,
                McpErrorCode.InternalError);
        }
        finally
        {
            foreach (var key in call.Questions)
            {
                _open.TryRemove(KeyValuePair.Create(key, call));
            }
        }
    }

    /// <summary>Represents a request of the client that may wait for answers.</summary>
    private sealed class WaitingCall(TimeProvider time, CancellationToken cancelled) : IDisposable
    {
        private readonly CancellationTokenSource _overdue = new(Timeout.InfiniteTimeSpan, time);
        private readonly Lock _lock = new();
        private readonly List<(string?, RequestId)> _questions = [];
        private CancellationTokenSource? _either;
        private int _unanswered;
        private bool _ended;

        public CancellationToken Token => (_either ??= CancellationTokenSource.CreateLinkedTokenSource(cancelled, _overdue.Token)).Token;

        public bool IsOverdue => _overdue.IsCancellationRequested;

        public IReadOnlyCollection<(string?, RequestId)> Questions
        {
            get
            {
                lock (_lock)
                {
                    return [.. _questions];
                }
            }
        }

        public void OnQuestion((string?, RequestId) key, TimeSpan timeout)
        {
            lock (_lock)
            {
                if (!_ended)
                {
                    _questions.Add(key);
                    _unanswered++;
                    _overdue.CancelAfter(timeout);
                }
            }
        }

        public void OnAnswer()
        {
            lock (_lock)
            {
                // The tool has no time limit while it works.
                if (--_unanswered == 0 && !_ended)
                {
                    _overdue.CancelAfter(Timeout.InfiniteTimeSpan);
                }
            }
        }

        public void Dispose()
        {
            lock (_lock)
            {
                _ended = true;
            }

            _either?.Dispose();
            _overdue.Dispose();
        }
    }
}
