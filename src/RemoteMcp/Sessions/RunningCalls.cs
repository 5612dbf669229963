using System.Collections.Concurrent;
using ModelContextProtocol.Protocol;
using RemoteMcp.Fleet;

namespace RemoteMcp.Sessions;

/// <summary>
/// The calls of sessions that run on this instance. One that takes longer than a moment makes the instance attentive: its
/// cancellation, or the answer to what it asks, may arrive at another instance.
/// </summary>
internal sealed class RunningCalls(PollingDemand demand, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Session, RequestId Request), RunningCall> _calls = new();

    public bool Contains(string session, RequestId request) => _calls.ContainsKey((session, request));

    /// <summary>Knows a call until the result is disposed.</summary>
    public RunningCall Enter(string session, RequestId request)
    {
        var call = new RunningCall(demand, time);
        _calls[(session, request)] = call;
        call.Ended += () => _calls.TryRemove(KeyValuePair.Create((session, request), call));
        return call;
    }

    /// <summary>Waits until none of the calls that run now runs any longer.</summary>
    public async Task WhenNoneAsync(CancellationToken cancellationToken)
    {
        foreach (var call in _calls.Values)
        {
            await call.Completion.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Lets go of the response of a call whose client no longer wants one.</summary>
    public void OnCancelled(string session, RequestId request)
    {
        if (_calls.TryGetValue((session, request), out var call))
        {
            call.AbandonResponse();
        }
    }
}
