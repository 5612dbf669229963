using System.Globalization;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.Sessions;

/// <summary>Represents a session in this instance's memory: the SDK's server object, which is only a cache of the session's row.</summary>
/// <param name="id">The internal session id.</param>
/// <param name="caller">The key of the caller that owns the session.</param>
/// <param name="server">The SDK's session.</param>
/// <param name="prefix">The prefix of the ids of this object's requests to the client.</param>
/// <param name="lastTouch">The time at which the expiry of the row was last extended.</param>
/// <param name="term">The term of this instance's lease in which the row was last seen.</param>
internal sealed class LiveSession(string id, string caller, McpServer server, string prefix, DateTimeOffset lastTouch, int term)
{
    /// <summary>The value of <see cref="Term"/> for a session that began before this instance had a lease.</summary>
    public const int NoTerm = 0;

    private long _lastTouchTicks = lastTouch.UtcTicks;
    private int _term = term;

    public string Id { get; } = id;

    public string Caller { get; } = caller;

    public McpServer Server { get; } = server;

    /// <summary>
    /// Gets or sets the term of this instance's lease in which the row was last seen. While the term is current, this instance has received
    /// every message about the end of the session.
    /// </summary>
    public int Term
    {
        get => Volatile.Read(ref _term);
        set => Volatile.Write(ref _term, value);
    }

    /// <summary>
    /// Returns the id that the client sees instead of the SDK's. The SDK counts its ids from 1 on every instance, so they are not unique.
    /// </summary>
    public RequestId ToFleetId(RequestId id) => new(string.Create(CultureInfo.InvariantCulture, $"{prefix}{id}"));

    /// <summary>
    /// Converts an id from the client back to the SDK's id; returns <see langword="false"/> when this object did not create the id.
    /// </summary>
    public bool TryFromFleetId(RequestId fleetId, out RequestId id)
    {
        if (fleetId.Id is string text && text.StartsWith(prefix, StringComparison.Ordinal)
            // TryParse ignores trailing null characters.
            && text[^1] != '\0'
            && long.TryParse(text.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            id = new RequestId(number);
            return true;
        }

        id = default;
        return false;
    }

    /// <summary>Returns whether the use of the session should be recorded now; <see langword="true"/> at most once per interval.</summary>
    public bool ShouldTouch(DateTimeOffset now, TimeSpan interval)
    {
        var last = Volatile.Read(ref _lastTouchTicks);
        return now.UtcTicks - last >= interval.Ticks && Interlocked.CompareExchange(ref _lastTouchTicks, now.UtcTicks, last) == last;
    }
}
