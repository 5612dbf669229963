using RemoteMcp.Configuration;

namespace RemoteMcp.Http;

/// <summary>Options for every HTTP request: hosts, origins, sizes, and times. Section <c>RemoteMcp:Http</c>.</summary>
public sealed class HttpOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = RemoteMcpOptions.Section + ":Http";

    /// <summary>
    /// Gets or sets the maximum size of a request body in bytes; 1 KiB to 64 MiB. The default is 4 MiB. The response to a
    /// larger body is 413.
    /// </summary>
    public int MaxRequestBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// Gets or sets the time in which the whole body of a request must arrive; 1 s to 10 minutes. The default is 30 s. A body must also
    /// arrive with at least 240 bytes per second, after 5 s. The response to a slower body is 408.
    /// </summary>
    public TimeSpan BodyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets or sets the time without data on an event stream after which the server sends an SSE comment; 1 s to 200 s. The default is
    /// 15 s. The comment prevents proxies from closing the connection (Azure's front end closes it after 230 s).
    /// </summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Gets or sets how long running calls may continue after the host asks the server to stop; 0 to 10 minutes. The default is 1 s.
    /// Streams without a running call end immediately.
    /// </summary>
    public TimeSpan ShutdownGrace { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Gets or sets how long the server continues to listen after the host asks it to stop; 0 to 5 minutes. The default is 1 s. Meanwhile,
    /// new requests get 503 with <c>Connection: close</c>, and <c>/readyz</c> fails, so that clients and load balancers use other
    /// instances. The time ends early when no connection is open. With 0, requests that arrive during the shutdown can be reset.
    /// </summary>
    public TimeSpan ShutdownDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Gets or sets the maximum duration of a request, and therefore of an event stream; 1 s to 24 h. The default is 25 minutes. On Azure
    /// Functions, the default is at most <c>functionTimeout</c> of host.json minus 5 s.
    /// </summary>
    public TimeSpan MaxRequestTime { get; set; } = TimeSpan.FromMinutes(25);

    /// <summary>
    /// Gets additional host names that the server accepts. It always accepts the host of the public URL or, without a public URL, the
    /// loopback names. <c>*</c> accepts all hosts; use it only behind a gateway that checks the host.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>
    /// Gets additional web origins from which pages may call the server, for example <c>https://inspector.contoso.com</c>. The server
    /// always accepts the origin of the public URL or, without a public URL, loopback origins. It also accepts requests without an
    /// <c>Origin</c> header, because they do not come from a web page.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];
}
