namespace RemoteMcp.Web;

/// <summary>Renders the head element, which is the same for all pages except for the title and the style sheet.</summary>
internal static class PageHead
{
    /// <summary>Returns the head element.</summary>
    /// <param name="title">The title of the page.</param>
    /// <param name="icon">The URL of the icon.</param>
    /// <param name="style">The style sheet.</param>
    public static Markup Render(string title, string icon, PageAsset style) => Markup.Of($"""
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex">
        <title>{title}</title>
        <link rel="icon" type="image/svg+xml" href="{icon}">
        <style>{Markup.Verbatim(style)}</style>
        </head>
        """);
}
