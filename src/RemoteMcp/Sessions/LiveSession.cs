using System.Globalization;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.Sessions;

/// <summary>Represents a session in this instance's memory. The SDK's server object is only a cache of the session's row.</summary>
/// <param name="id">The internal session id.</param>
/// <param name="caller">The key of the caller that owns the session.</param>
/// <param name="server">The SDK's server object of the session.</param>
/// <param name="prefix">The prefix of the ids of the requests that this object sends to the client: <c>INSTANCE.NONCE.</c></param>
/// <param name="sign">The function that adds a checksum to an id (<see cref="SessionIds.RequestSignerAsync"/>).</param>
/// <param name="lastTouch">The time at which the expiry of the row was last extended.</param>
/// <param name="term">The first value of <see cref="Term"/>.</param>
internal sealed class LiveSession(
    string id, string caller, McpServer server, string prefix, Func<string, string> sign, DateTimeOffset lastTouch, int term)
{
    /// <summary>The value of <see cref="Term"/> for a session that began before this instance had a lease.</summary>
    public const int NoTerm = 0;

    private long _lastTouchTicks = lastTouch.UtcTicks;
    private int _term = term;

    public string Id { get; } = id;

    public string Caller { get; } = caller;

    public McpServer Server { get; } = server;

    /// <summary>
    /// Gets the revision in the row from which the object was restored; <see langword="null"/> if the session began here. The SDK does not
    /// know the revision of a restored session before a request names it.
    /// </summary>
    public string? RestoredRevision { get; init; }

    /// <summary>Gets the revision of the session; <see langword="null"/> while it is not known.</summary>
    public string? Revision => RestoredRevision ?? Server.NegotiatedProtocolVersion;

    /// <summary>
    /// Gets or sets the term of this instance's lease (<see cref="Fleet.FleetMembership.Term"/>) in which the session was last known to
    /// have a row. While this term is the current one, no message about the end of the session can have been missed.
    /// </summary>
    public int Term
    {
        get => Volatile.Read(ref _term);
        set => Volatile.Write(ref _term, value);
    }

    /// <summary>
    /// Returns the fleet id of a request to the client: the prefix, the SDK's id, and a checksum. The client sees the fleet id, because it
    /// is unique in the fleet. The SDK counts its ids from 1 for every session object.
    /// </summary>
    public RequestId ToFleetId(RequestId id) => new(sign(string.Create(CultureInfo.InvariantCulture, $"{prefix}{id}")));

    /// <summary>
    /// Converts a fleet id back to the SDK's id; returns <see langword="false"/> when this object did not create the id. The checksum has
    /// been verified before, when the client sent the id.
    /// </summary>
    public bool TryFromFleetId(RequestId fleetId, out RequestId id)
    {
        if (fleetId.Id is string text && text.StartsWith(prefix, StringComparison.Ordinal)
            && text.LastIndexOf(LiveSessions.Separator) is var end && end > prefix.Length
            && long.TryParse(
                text.AsSpan(prefix.Length, end - prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            id = new RequestId(number);
            return true;
        }

        id = default;
        return false;
    }

    /// <summary>
    /// Returns whether to record now, in the row, that the session is used; <see langword="true"/> at most once per interval.
    /// </summary>
    public bool ShouldTouch(DateTimeOffset now, TimeSpan interval)
    {
        var last = Volatile.Read(ref _lastTouchTicks);
        return now.UtcTicks - last >= interval.Ticks && Interlocked.CompareExchange(ref _lastTouchTicks, now.UtcTicks, last) == last;
    }
}
