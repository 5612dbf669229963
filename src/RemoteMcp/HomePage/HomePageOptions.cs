using RemoteMcp.Configuration;

namespace RemoteMcp.HomePage;

/// <summary>The web page at <c>/</c>, for the person who opens the server's URL in a browser. Section <c>RemoteMcp:HomePage</c>.</summary>
public sealed class HomePageOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = RemoteMcpOptions.Section + ":HomePage";

    /// <summary>Whether there is a page; <see langword="true"/> by default. Without, <c>/</c> is answered with 404.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Whether the page lists the tools, and what models are told about the server. Anybody can read the page without signing in: by
    /// default it does so only where nobody signs in to call the tools either.
    /// </summary>
    public bool? ShowTools { get; set; }
}
