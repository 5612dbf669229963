using RemoteMcp.Configuration;

namespace RemoteMcp.HomePage;

/// <summary>
/// Options of the web page at <c>/</c> for people who open the server's URL. Section <c>RemoteMcp:HomePage</c>.
/// </summary>
public sealed class HomePageOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = RemoteMcpOptions.Section + ":HomePage";

    /// <summary>
    /// Gets or sets whether the server has the page. The default is <see langword="true"/>. Without the page, the response to <c>/</c> is
    /// 404.
    /// </summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Gets or sets whether the page shows the tools and the server's instructions for models. Anyone can read the page without signing in.
    /// Therefore, by default, the page shows them only if the server requires no sign-in.
    /// </summary>
    public bool? ShowTools { get; set; }
}
