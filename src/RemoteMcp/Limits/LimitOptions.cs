using RemoteMcp.Configuration;

namespace RemoteMcp.Limits;

/// <summary>
/// Options for the limits of one caller, so that a faulty agent does not use the capacity of other callers. Section
/// <c>RemoteMcp:Limits</c>. Each instance counts separately. The limits apply only with sign-in: without sign-in, the server has one user.
/// </summary>
public sealed class LimitOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = RemoteMcpOptions.Section + ":Limits";

    /// <summary>
    /// Gets or sets the maximum number of requests of one caller in a minute; 1 to 1,000,000. The default is 1,200. Each message of a batch
    /// and each opened stream counts as a request. The response to further requests is 429.
    /// </summary>
    public int RequestsPerMinute { get; set; } = 1200;

    /// <summary>
    /// Gets or sets the maximum number of concurrent requests of one caller, including open streams; 1 to 10,000. The default is 100. The
    /// response to further requests is 429.
    /// </summary>
    public int ConcurrentRequests { get; set; } = 100;
}
