using RemoteMcp.Configuration;

namespace RemoteMcp.Sessions;

/// <summary>Options for how long sessions and their streams are kept. Section <c>RemoteMcp:Sessions</c>.</summary>
public sealed class SessionOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = RemoteMcpOptions.Section + ":Sessions";

    /// <summary>Gets or sets how long a session lives after its last use; 5 minutes to 30 days, 24 h by default.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Gets or sets the shortest time between two records of a session's use; up to a quarter of the lifetime, 5 minutes by default.
    /// </summary>
    public TimeSpan TouchInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Gets or sets how long an unused session stays in an instance's memory; 10 s to 1 h, 2 minutes by default. The row stays, and the
    /// next use reads it.
    /// </summary>
    public TimeSpan IdleInMemory { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Gets or sets the maximum number of unused sessions in an instance's memory; 1 to 100,000, 2,000 by default.</summary>
    public int MaxIdleInMemory { get; set; } = 2000;

    /// <summary>Gets or sets how long the events of a stream can be replayed; 10 s to 24 h, 10 minutes by default.</summary>
    public TimeSpan EventLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Gets or sets how long the events of a running call are held back, so that they are written together; 50 ms to 10 s, 1 s by default.
    /// </summary>
    public TimeSpan EventFlush { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Gets or sets how many sessions one caller may begin in a minute on one instance; 1 to 100,000, 600 by default. Further attempts get
    /// a 429 response.
    /// </summary>
    public int MaxNewPerMinute { get; set; } = 600;
}
