using Microsoft.Extensions.Options;
using ModelContextProtocol;
using RemoteMcp.Elicitation;
using RemoteMcp.Fleet;
using RemoteMcp.Storage;

namespace RemoteMcp.Sessions.Streams;

/// <summary>
/// Keeps a call from acting after another instance has reported to the client that the call's instance does not respond.
/// </summary>
/// <remarks>
/// The other instance raises the fence, a row in the table of events, and then checks once more that the call's instance has no lease. The
/// call's instance first takes its lease again, and then checks for the row. At least one of them sees the other. A call whose instance has
/// kept its lease needs no check, and no storage transaction.
/// </remarks>
internal sealed class CallFence(
    IStateStore store, RunningCalls calls, FleetMembership fleet, IOptions<SessionOptions> options, TimeProvider time) : IActionFence
{
    // The prefix is in upper case. Keys of streams are in lower case, so that no Last-Event-ID can read these rows.
    private const string Prefix = "Gone|";

    private static readonly BinaryData s_emptyBody = BinaryData.FromString("{}");

    /// <summary>Raises the fence of a call. If the call has not acted yet, it does not act anymore.</summary>
    public Task RaiseAsync(string session, string stream, CancellationToken cancellationToken) =>
        store.TryInsertAsync(Key(session, stream), s_emptyBody, time.GetUtcNow() + options.Value.EventLifetime, cancellationToken);

    /// <summary>Lowers the fence of a call, because its instance has returned before the client was told.</summary>
    public Task LowerAsync(string session, string stream, CancellationToken cancellationToken) =>
        store.DeleteAsync(Key(session, stream), cancellationToken);

    public async ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        if (calls.Current is not { Stream: { } stream } || (stream.Term != LiveSession.NoTerm && stream.Term == fleet.Term))
        {
            return;
        }

        StateRow? raised;
        try
        {
            await fleet.EnsureLeaseAsync(cancellationToken);
            raised = await store.FindAsync(Key(stream.Session, stream.Key), cancellationToken);
        }
        catch (StateUnavailableException exception)
        {
            throw new McpException(
                "Nothing was done: the server's storage does not answer. "
                    + $"Try again in {Math.Ceiling(exception.RetryAfter.TotalSeconds)} s.", exception);
        }

        if (raised is not null)
        {
            throw new McpException(
                "Nothing was done: the server instance of this call did not respond for a while, "
                    + "and the client was told that the call has failed. Make the call again.");
        }
    }

    private static StateKey Key(string session, string stream) => new(EventRows.Table, session, Prefix + stream);
}

/// <summary>Identifies the response stream of a call.</summary>
/// <param name="Session">The internal session id.</param>
/// <param name="Key">The key of the stream within the session.</param>
/// <param name="Term">The term of this instance's lease (<see cref="FleetMembership.Term"/>) in which the call began.</param>
internal sealed record CallStream(string Session, string Key, int Term);
