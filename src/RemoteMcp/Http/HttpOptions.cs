using RemoteMcp.Configuration;

namespace RemoteMcp.Http;

/// <summary>What every HTTP request passes: hosts, origins, sizes and times. Section <c>RemoteMcp:Http</c>.</summary>
public sealed class HttpOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = RemoteMcpOptions.Section + ":Http";

    /// <summary>The largest request body in bytes; 1 KiB to 64 MiB, 4 MiB by default. A larger one is answered with 413.</summary>
    public int MaxRequestBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// How long an event stream may be silent before an SSE comment is sent, so that no proxy cuts it (Azure's front end does after
    /// 230 s); 1 s to 200 s, 15 s by default.
    /// </summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long running calls may go on after the server was asked to stop; 0 to 10 minutes, 1 s by default. Streams that only wait
    /// end at once.
    /// </summary>
    public TimeSpan ShutdownGrace { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Gets or sets the longest time that one request, and so one event stream, may be open; 1 s to 24 h. The default is 25 minutes, and
    /// on Azure Functions at most 5 s less than <c>functionTimeout</c> in host.json.
    /// </summary>
    public TimeSpan MaxRequestTime { get; set; } = TimeSpan.FromMinutes(25);

    /// <summary>
    /// Further host names that requests may be addressed to, besides the public URL's and, where there is no public URL, the loopback
    /// names. <c>*</c> accepts all: only behind a gateway that checks the host itself.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>
    /// Further web origins whose pages may call the server, e.g. <c>https://inspector.contoso.com</c>, besides the public URL's and, where
    /// there is no public URL, loopback pages. Requests without an <c>Origin</c> header do not come from a page and pass.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];
}
