using System.Globalization;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.Sessions;

/// <summary>A session in this instance's memory: the SDK's server object, which is only a cache of the row.</summary>
/// <param name="id">The session's id within.</param>
/// <param name="caller">Whose session it is.</param>
/// <param name="server">The SDK's session.</param>
/// <param name="prefix">What the ids of this object's requests to the client begin with.</param>
/// <param name="lastTouch">When the row's expiry was last moved.</param>
/// <param name="term">The term of this instance's lease in which the row was last seen.</param>
internal sealed class LiveSession(string id, string caller, McpServer server, string prefix, DateTimeOffset lastTouch, int term)
{
    /// <summary>The session began when this instance had no lease yet.</summary>
    public const int NoTerm = 0;

    private long _lastTouchTicks = lastTouch.UtcTicks;
    private int _term = term;

    public string Id { get; } = id;

    public string Caller { get; } = caller;

    public McpServer Server { get; } = server;

    /// <summary>The term of this instance's lease in which the row was last seen: whatever ended the session since then was told to it.</summary>
    public int Term
    {
        get => Volatile.Read(ref _term);
        set => Volatile.Write(ref _term, value);
    }

    /// <summary>The id that a client sees instead of the SDK's, which every instance counts from 1.</summary>
    public RequestId ToFleetId(RequestId id) => new(string.Create(CultureInfo.InvariantCulture, $"{prefix}{id}"));

    /// <summary>The SDK's id again; <see langword="false"/> for an id that this object never gave out.</summary>
    public bool TryFromFleetId(RequestId fleetId, out RequestId id)
    {
        if (fleetId.Id is string text && text.StartsWith(prefix, StringComparison.Ordinal)
            // TryParse takes trailing zero characters for nothing.
            && text[^1] != '\0'
            && long.TryParse(text.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            id = new RequestId(number);
            return true;
        }

        id = default;
        return false;
    }

    /// <summary>Whether the use of the session should be recorded now; true once an interval.</summary>
    public bool ShouldTouch(DateTimeOffset now, TimeSpan interval)
    {
        var last = Volatile.Read(ref _lastTouchTicks);
        return now.UtcTicks - last >= interval.Ticks && Interlocked.CompareExchange(ref _lastTouchTicks, now.UtcTicks, last) == last;
    }
}
