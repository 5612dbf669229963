using RemoteMcp.Configuration;

namespace RemoteMcp.Limits;

/// <summary>
/// Options for the limits of one caller and of the process, so that a faulty agent does not use the capacity of other callers. Section
/// <c>RemoteMcp:Limits</c>. Each instance counts separately. The limits of a caller apply only with sign-in: without sign-in, the
/// server has one user.
/// </summary>
public sealed class LimitOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = RemoteMcpOptions.Section + ":Limits";

    /// <summary>
    /// Gets or sets the maximum number of requests of one caller in a minute; 1 to 1,000,000. The default is 1,200. Each request of a batch
    /// and each opened stream counts. The response to further requests is 429. A separate limit, twice as high, applies to all messages
    /// together, including notifications and answers. A caller that has reached the limit of requests can therefore still cancel calls and
    /// answer questions.
    /// </summary>
    public int RequestsPerMinute { get; set; } = 1200;

    /// <summary>
    /// Gets or sets the maximum number of concurrent requests of one caller, including open streams and calls whose clients have left;
    /// 1 to 10,000. The default is 100. The response to further requests is 429. The server also reads at most this number of bodies of one
    /// caller at the same time.
    /// </summary>
    public int ConcurrentRequests { get; set; } = 100;

    /// <summary>
    /// Gets or sets the maximum size of the bodies of all concurrent requests of one caller, in bytes; at least
    /// <c>RemoteMcp:Http:MaxRequestBytes</c>, and at most <see cref="RequestBytes"/>. The default is 16 MiB. The response to further
    /// requests is 429.
    /// </summary>
    public int RequestBytesPerCaller { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// Gets or sets the maximum size of the bodies of all concurrent requests, in bytes; at least twice
    /// <c>RemoteMcp:Http:MaxRequestBytes</c> and 128 KiB, and at most 1 GiB. The default is 64 MiB. An eighth is reserved for bodies of at
    /// most 16 KiB, which can also use the rest. A body occupies several times its size while it is processed. The response to further
    /// requests is 503. This limit also applies without sign-in.
    /// </summary>
    public int RequestBytes { get; set; } = 64 * 1024 * 1024;
}
