using System.Globalization;
using RemoteMcp.ToolCalls;
using RemoteMcp.Web;

namespace RemoteMcp.AuthorizationServer.Pages;

/// <summary>
/// Renders the page on which users see and revoke what they granted. The page posts the field <c>action</c> with the value <c>revoke</c>
/// (and the field <c>id</c>), <c>revoke-all</c>, or <c>sign-out</c>. Each post contains the field <c>csrf</c>. If an operator sees the
/// grants of another user, it also contains the field <c>user</c>.
/// </summary>
internal static class ConnectionsPage
{
    private const int MaxMessageLength = 600;
    private const int MaxUserLength = 100;
    private const int MaxRows = 100;

    /// <summary>Returns the page as HTML, with at most 100 grants.</summary>
    public static string Render(ConnectionsView view)
    {
        // Other users cannot search, so the field says nothing about them.
        var searched = view.IsOperator && !string.IsNullOrWhiteSpace(view.SearchedUser) ? view.SearchedUser : null;
        var title = searched is null ? "Your connections" : "Connections of another user";
        return AuthorizationPage.Render(
            title,
            view.ServerName,
            Markup.Of($"""
                <div class="row">
                <h1>{title}</h1>
                {Form(view, searched, default, Markup.Of($"""<button name="action" value="sign-out">Sign out</button>"""))}
                </div>
                <p>You are signed in to {AuthorizationPage.Name(view.ServerName)} as {AuthorizationPage.Name(view.UserName)}.</p>
                """),
            Markup.Of($"""
                {Message(view.Message)}
                {Owner(view, searched)}
                <section aria-labelledby="clients">
                <h2 id="clients">Connected clients</h2>
                {(view.Connections.Count == 0 ? Empty(searched) : Connections(view, searched))}
                </section>
                {Search(view, searched)}
                """));
    }

    private static Markup Message(string? message) => string.IsNullOrWhiteSpace(message)
        ? default
        : Markup.Of($"""<p class="notice" role="status"><bdi>{SafeText.Line(message, MaxMessageLength)}</bdi></p>""");

    private static Markup Owner(ConnectionsView view, string? searched) => searched is null ? default : Markup.Of($"""
        <p class="notice bad"><strong>These connections are not yours.</strong> They belong to the user with the object id
        <code>{AuthorizationPage.Name(searched)}</code>. <a href="{view.FormAction}">Show your connections</a></p>
        """);

    private static Markup Empty(string? searched) => searched is not null
        ? Markup.Of($"<p>No client is connected for this user.</p>")
        : Markup.Of($"""
            <p>No client is connected. To connect one, add the URL of this server to your MCP client. The client then opens the sign-in in
            your browser. The <a href="../">home page of this server</a> shows the URL and the setup of each client.</p>
            """);

    private static Markup Connections(ConnectionsView view, string? searched) => Markup.Of($"""
        <ul class="connections">
        {view.Connections.Take(MaxRows).Select(row => ConnectionItem.Render(row, Form(
            view, searched, AuthorizationPage.Hidden("id", row.Id), ConnectionItem.RevokeButton(row))))}
        </ul>
        {Remainder(view.Connections.Count - MaxRows)}
        <details>
        <summary>Revoke all</summary>
        <p>All clients of {(searched is null ? "yours" : "this user")} lose their access and must sign in again.</p>
        {Form(view, searched, default, Markup.Of($"""
            <button name="action" value="revoke-all" class="danger">Yes, revoke all connections</button>
            """))}
        </details>
        """);

    private static Markup Remainder(int count) => count <= 0 ? default : Markup.Of($"""
        <p>And {count.ToString("N0", CultureInfo.InvariantCulture)} more. They appear here after you revoke some of these connections.</p>
        """);

    private static Markup Search(ConnectionsView view, string? searched) => !view.IsOperator ? default : Markup.Of($"""
        <section aria-labelledby="search">
        <h2 id="search">Connections of another user</h2>
        <form method="get" action="{view.FormAction}">
        <label for="user">Object id of the user</label>
        <div class="search">
        <input id="user" name="user" value="{SafeText.Line(searched ?? "", MaxUserLength)}" required autocomplete="off" spellcheck="false">
        <button>Show connections</button>
        </div>
        </form>
        </section>
        """);

    private static Markup Form(ConnectionsView view, string? searched, Markup fields, Markup button) => Markup.Of($"""
        <form method="post" action="{view.FormAction}">
        {AuthorizationPage.Hidden("csrf", view.CsrfToken)}
        {(searched is null ? default : AuthorizationPage.Hidden("user", searched))}
        {fields}
        {button}
        </form>
        """);
}
