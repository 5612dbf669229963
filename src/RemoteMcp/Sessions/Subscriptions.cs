using ModelContextProtocol;

namespace RemoteMcp.Sessions;

/// <summary>Limits the resource subscriptions of a session, because the session's row stores them.</summary>
internal static class Subscriptions
{
    private const int MaxCount = 100;
    private const int MaxUriLength = 2048;

    /// <summary>Checks the subscriptions, and removes duplicates.</summary>
    /// <exception cref="McpProtocolException">There are too many subscriptions, or a URI is too long.</exception>
    public static string[] Check(IEnumerable<string> uris)
    {
        var distinct = uris.Distinct(StringComparer.Ordinal).ToArray();
        if (distinct.Length > MaxCount)
        {
            throw new McpProtocolException(
                $"Invalid params: a session can subscribe to at most {MaxCount} resources. Unsubscribe from one first.",
                McpErrorCode.InvalidParams);
        }

        return Array.TrueForAll(distinct, static uri => uri.Length <= MaxUriLength)
            ? distinct
            : throw new McpProtocolException(
                $"Invalid params: uri can have at most {MaxUriLength} characters.", McpErrorCode.InvalidParams);
    }
}
