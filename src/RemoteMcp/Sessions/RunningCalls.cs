using System.Collections.Concurrent;
using System.Security.Claims;
using ModelContextProtocol.Protocol;
using RemoteMcp.Fleet;

namespace RemoteMcp.Sessions;

/// <summary>
/// Keeps track of the calls of sessions that run on this instance. A call that runs for more than 250 ms is urgent polling demand,
/// because its cancellation, or the client's answer to a request of the call, may arrive at another instance. After a second, its instance
/// is stored (<see cref="CallRegistry"/>).
/// </summary>
internal sealed class RunningCalls(PollingDemand demand, CallRegistry registry, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Session, RequestId Request), RunningCall> _calls = new();

    // The SDK dispatches a message in the execution context of its request.
    private readonly AsyncLocal<RunningCall?> _current = new();

    /// <summary>Gets the call of the current execution context.</summary>
    public RunningCall? Current => _current.Value;

    public bool Contains(string session, RequestId request) => _calls.ContainsKey((session, request));

    /// <summary>Registers a call until it ends. The caller disposes the returned object when the request has ended.</summary>
    public RunningCall Enter(string session, RequestId request, ClaimsPrincipal user)
    {
        var call = new RunningCall(session, request, user, demand, registry, time);
        _calls[(session, request)] = call;
        _current.Value = call;
        call.Ended += () => _calls.TryRemove(KeyValuePair.Create((session, request), call));
        return call;
    }

    /// <summary>Reports that the SDK dispatches the request of the current execution context.</summary>
    /// <returns>Whether the session may process the request; <see langword="false"/> if its call was refused.</returns>
    public bool TryDispatch() => _current.Value?.Dispatch.TryDispatch() ?? true;

    /// <summary>Waits until all calls that run now have ended.</summary>
    public async Task WaitForAllAsync(CancellationToken cancellationToken)
    {
        foreach (var call in _calls.Values)
        {
            await call.Completion.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Ends the response of a call that its client has cancelled.</summary>
    public void OnCancelled(string session, RequestId request)
    {
        if (_calls.TryGetValue((session, request), out var call))
        {
            call.AbandonResponse();
        }
    }
}
