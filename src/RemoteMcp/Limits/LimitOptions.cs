using RemoteMcp.Configuration;

namespace RemoteMcp.Limits;

/// <summary>
/// How much of the server one caller may take, so that an agent that runs wild does not take the others' share. Section
/// <c>RemoteMcp:Limits</c>. Each instance counts by itself, and for callers who sign in: without sign-in there is one user alone.
/// </summary>
public sealed class LimitOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = RemoteMcpOptions.Section + ":Limits";

    /// <summary>
    /// How many requests one caller may make in a minute, each message of a batch and each opened stream counted; 1 to 1,000,000, 1,200 by
    /// default. More get 429.
    /// </summary>
    public int RequestsPerMinute { get; set; } = 1200;

    /// <summary>How many requests of one caller may be in work at a time, open streams among them; 1 to 10,000, 100 by default. More get 429.</summary>
    public int ConcurrentRequests { get; set; } = 100;
}
