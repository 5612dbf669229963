using RemoteMcp.Web;

namespace RemoteMcp.AuthorizationServer.Pages;

/// <summary>Renders the pages at the end of a flow in the browser.</summary>
internal static class DonePage
{
    /// <summary>Returns the page after a sign-in that a client waits for.</summary>
    public static string Connected(string serverName) => Render(serverName, "You are connected", Markup.Of($"""
        <p>You can close this window and continue in your client.</p>
        """));

    /// <summary>Returns the page after the user signed out of the page with the connections.</summary>
    public static string SignedOut(string serverName) => Render(serverName, "You are signed out", Markup.Of($"""
        <p>Your clients are still connected. To revoke their access, <a href="connections">open your connections</a> and sign in
        again.</p>
        """));

    private static string Render(string serverName, string title, Markup text) => AuthorizationPage.Render(
        title,
        serverName,
        Markup.Of($"""
            <p>{AuthorizationPage.Name(serverName)}</p>
            <h1>{title}</h1>
            """),
        Markup.Of($"""
            <section>
            {text}
            </section>
            """));
}
