using RemoteMcp.ToolCalls;
using RemoteMcp.Web;

namespace RemoteMcp.AuthorizationServer.Pages;

/// <summary>Renders the page for a sign-in that cannot continue.</summary>
internal static class ErrorPage
{
    private const int MaxTextLength = 1000;

    /// <summary>Returns the page as HTML, at most 50 KB in UTF-8.</summary>
    public static string Render(ErrorView view) => AuthorizationPage.Render(
        "Sign-in failed",
        view.ServerName,
        Markup.Of($"""
            <p>{AuthorizationPage.Name(view.ServerName)}</p>
            <h1>{AuthorizationPage.Name(view.Title)}</h1>
            """),
        Markup.Of($"""
            <section>
            {Paragraph(view.Explanation)}
            {Paragraph(view.NextStep)}
            {Link(view.Continue)}
            {Reference(view.Reference)}
            </section>
            """));

    private static Markup Paragraph(string? text) => string.IsNullOrWhiteSpace(text)
        ? default
        : Markup.Of($"""<p><bdi>{SafeText.Line(text, MaxTextLength)}</bdi></p>""");

    private static Markup Reference(string? reference) => string.IsNullOrWhiteSpace(reference)
        ? default
        : Markup.Of($"""<p class="quiet">Reference: <code>{AuthorizationPage.Name(reference)}</code></p>""");

    private static Markup Link(LinkOut? link) => link is not null && IsSafe(link.Url)
        ? Markup.Of($"""<p><a class="button" href="{link.Url}">{AuthorizationPage.Name(link.Text)}</a></p>""")
        : default;

    // Two leading slashes would lead to another host. Browsers treat a backslash as a slash and ignore tabs and line breaks.
    private static bool IsSafe(string url) => url switch
    {
        ['/', '/' or '\\', ..] => false,
        ['/', ..] => !url.Any(char.IsControl),
        _ => Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps),
    };
}
