using RemoteMcp.Configuration;

namespace RemoteMcp.Sessions;

/// <summary>How long sessions and their streams are kept. Section <c>RemoteMcp:Sessions</c>.</summary>
public sealed class SessionOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = RemoteMcpOptions.Section + ":Sessions";

    /// <summary>How long a session lives after its last use; 5 minutes to 30 days, 24 h by default.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How often a session's use is recorded at most; up to a quarter of the lifetime, 5 minutes by default.</summary>
    public TimeSpan TouchInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long an unused session stays in an instance's memory; 10 s to 1 h, 2 minutes by default. Its row lives on: the next use
    /// reads it again.
    /// </summary>
    public TimeSpan IdleInMemory { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How many unused sessions an instance keeps in memory at most; 1 to 100,000, 2,000 by default.</summary>
    public int MaxIdleInMemory { get; set; } = 2000;

    /// <summary>How long a stream's events can be replayed; 10 s to 24 h, 10 minutes by default.</summary>
    public TimeSpan EventLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long events of a running call are held back to be written together; 50 ms to 10 s, 1 s by default.</summary>
    public TimeSpan EventFlush { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many sessions one caller may begin in a minute on one instance; 1 to 100,000, 600 by default. More get 429.</summary>
    public int MaxNewPerMinute { get; set; } = 600;
}
