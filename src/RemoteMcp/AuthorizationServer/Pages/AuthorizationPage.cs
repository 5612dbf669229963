using RemoteMcp.ToolCalls;
using RemoteMcp.Web;

namespace RemoteMcp.AuthorizationServer.Pages;

/// <summary>
/// Renders what all pages of the authorization server have in common. The pages use no script, and they load nothing but the icon.
/// </summary>
internal static class AuthorizationPage
{
    private const int MaxNameLength = 200;

    private static readonly PageAsset s_style =
        PageAsset.Read("Web/Assets/base.css", "AuthorizationServer/Pages/Assets/authorization.css");

    /// <summary>Gets the directives of the Content-Security-Policy that allow the content of the pages.</summary>
    public static IReadOnlyList<string> ContentDirectives { get; } = [$"style-src {s_style.HashSource}", "img-src 'self'"];

    /// <summary>
    /// Returns a page as HTML. The URL of the icon, and the links of some pages, are relative to a path with one parent, such as
    /// <c>/oauth/consent</c>.
    /// </summary>
    /// <param name="title">The title, without text from other parties.</param>
    /// <param name="serverName">The name of the server.</param>
    /// <param name="header">The content of the header element.</param>
    /// <param name="main">The content of the main element.</param>
    public static string Render(string title, string serverName, Markup header, Markup main) => Markup.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        {PageHead.Render($"{title} – {SafeText.Line(serverName, MaxNameLength)}", "../favicon.ico", s_style)}
        <body>
        <header>
        {header}
        </header>
        <main>
        {main}
        </main>
        </body>
        </html>

        """).ToString();

    /// <summary>
    /// Returns a name as one line of at most 200 characters, with invisible characters as escape sequences. Right-to-left text does not
    /// change the order of the text around it.
    /// </summary>
    public static Markup Name(string name) => Markup.Of($"<bdi>{SafeText.Line(name, MaxNameLength)}</bdi>");

    /// <summary>Returns a hidden field of a form.</summary>
    public static Markup Hidden(string name, string value) => Markup.Of($"""<input type="hidden" name="{name}" value="{value}">""");
}
