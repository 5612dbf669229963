using ModelContextProtocol.Protocol;

namespace RemoteMcp.Cli.Hosting.Stdio;

/// <summary>
/// Tracks the requests without a response, in both directions: the server answers every request before the process ends, and the client
/// cannot answer a request after the end of its input.
/// </summary>
internal sealed class PendingRequests
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RequestId, Queue<PendingBatch?>> _fromClient = [];
    private readonly HashSet<RequestId> _listening = [];
    private readonly HashSet<RequestId> _fromServer = [];
    private TaskCompletionSource _changed = New();
    private int _unsent;
    private RequestId _initialize;
    private bool _clientIsGone;

    /// <summary>Adds a request of the client.</summary>
    /// <param name="request">The request. A client can use its id for several requests.</param>
    /// <param name="batch">The batch of the request, or <see langword="null"/> if the request is not in a batch.</param>
    public void Add(JsonRpcRequest request, PendingBatch? batch)
    {
        lock (_lock)
        {
            if (!_fromClient.TryGetValue(request.Id, out var same))
            {
                _fromClient[request.Id] = same = new Queue<PendingBatch?>(1);
            }

            if (request.Method == RequestMethods.Initialize)
            {
                _initialize = request.Id;
            }

            same.Enqueue(batch);
            _unsent++;
        }
    }

    /// <summary>
    /// Adds a request that lasts until the client ends it (<c>subscriptions/listen</c>). The end of the process does not wait for it.
    /// </summary>
    public void AddListening(RequestId id)
    {
        lock (_lock)
        {
            _listening.Add(id);
        }
    }

    /// <summary>Removes a request that lasted until now.</summary>
    public bool TryTakeListening(RequestId id)
    {
        lock (_lock)
        {
            return _listening.Remove(id);
        }
    }

    /// <summary>Returns whether the request with an id is <c>initialize</c>. The next message waits for the response to it.</summary>
    public bool IsInitialize(RequestId id)
    {
        lock (_lock)
        {
            return _initialize.Id is not null && _initialize.Equals(id) && _fromClient.ContainsKey(id);
        }
    }

    /// <summary>
    /// Removes a request that the client has cancelled. "The initialize request MUST NOT be cancelled by clients." (2025-11-25,
    /// Cancellation)
    /// </summary>
    /// <returns><see langword="true"/> if there is such a request. The caller must call <see cref="OnSent"/> when it is done.</returns>
    public bool TryCancel(RequestId id, out PendingBatch? batch)
    {
        batch = null;
        return id.Id is not null && !IsInitialize(id) && TryTake(id, out batch);
    }

    /// <summary>Removes a request of the client whose response is about to be sent.</summary>
    /// <returns><see langword="true"/> if there is such a request. The caller must call <see cref="OnSent"/> when it is done.</returns>
    public bool TryTake(RequestId id, out PendingBatch? batch)
    {
        lock (_lock)
        {
            batch = null;
            if (!_fromClient.TryGetValue(id, out var same))
            {
                return false;
            }

            batch = same.Dequeue();
            if (same.Count == 0)
            {
                _fromClient.Remove(id);
            }

            if (_initialize.Equals(id))
            {
                // Another request can use the id again.
                _initialize = default;
            }

            return true;
        }
    }

    /// <summary>Reports that the response to a request was sent, or that the request gets none.</summary>
    public void OnSent()
    {
        lock (_lock)
        {
            _unsent--;
            _changed.TrySetResult();
            _changed = New();
        }
    }

    /// <summary>Waits until every request of the client has its response.</summary>
    public Task AllSentAsync(CancellationToken cancellationToken) => WaitAsync(() => _unsent == 0, cancellationToken);

    /// <summary>Waits until a request of the client has its response.</summary>
    public Task AnsweredAsync(RequestId id, CancellationToken cancellationToken) =>
        WaitAsync(() => !_fromClient.ContainsKey(id), cancellationToken);

    /// <summary>Returns the ids of the client's requests without a response, except those that last until now.</summary>
    public RequestId[] Unanswered()
    {
        lock (_lock)
        {
            return [.. _fromClient.SelectMany(static same => Enumerable.Repeat(same.Key, same.Value.Count))];
        }
    }

    /// <summary>Returns the ids of the client's requests that last until now.</summary>
    public RequestId[] Listening()
    {
        lock (_lock)
        {
            return [.. _listening];
        }
    }

    /// <summary>Adds a request of the server.</summary>
    /// <returns><see langword="false"/> if the client can no longer answer.</returns>
    public bool TryAsk(RequestId id)
    {
        lock (_lock)
        {
            return !_clientIsGone && _fromServer.Add(id);
        }
    }

    /// <summary>Removes a request of the server that the client has answered.</summary>
    public void OnAnswered(RequestId id)
    {
        lock (_lock)
        {
            _fromServer.Remove(id);
        }
    }

    /// <summary>Refuses further requests of the server.</summary>
    /// <returns>The ids of the server's requests that the client has not answered.</returns>
    public RequestId[] StopAsking()
    {
        lock (_lock)
        {
            _clientIsGone = true;
            return [.. _fromServer];
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WaitAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (condition())
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }
}
