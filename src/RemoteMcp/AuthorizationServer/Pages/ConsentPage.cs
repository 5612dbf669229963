using System.Globalization;
using RemoteMcp.ToolCalls;
using RemoteMcp.Web;

namespace RemoteMcp.AuthorizationServer.Pages;

/// <summary>
/// Renders the page on which a user decides whether a client may act for the user. The page posts the field <c>decision</c> with the value
/// <c>approve</c>, <c>cancel</c>, or <c>switch</c>.
/// </summary>
internal static class ConsentPage
{
    private const int MaxDescriptionLength = 300;
    private const int MaxPermissions = 100;

    /// <summary>Returns the page as HTML. Without the hidden fields, it has at most 500 KB in UTF-8.</summary>
    public static string Render(ConsentView view)
    {
        var client = AuthorizationPage.Name(view.ClientName);
        var redirect = new RedirectTarget(view.RedirectUri);
        return AuthorizationPage.Render(
            "Allow access",
            view.ServerName,
            Markup.Of($"<h1>{client} wants to use {AuthorizationPage.Name(view.ServerName)}</h1>"),
            Markup.Of($"""
                <section aria-labelledby="client">
                <h2 id="client">Who asks</h2>
                {Warning(view.VerifiedHost, redirect)}
                <dl>
                <dt>Client</dt>
                <dd>{client}</dd>
                {Publisher(view.VerifiedHost)}
                <dt>Sends you back to</dt>
                <dd><bdi>{redirect.Description}</bdi> <code dir="ltr">{redirect.Text}</code></dd>
                </dl>
                </section>
                <section aria-labelledby="permissions">
                <h2 id="permissions">What it will be able to do</h2>
                <ul class="permissions">
                {view.Permissions.Take(MaxPermissions).Select(Permission)}
                {Remainder(view.Permissions.Count - MaxPermissions)}
                </ul>
                </section>
                <section aria-labelledby="account">
                <h2 id="account">Your account</h2>
                <p>The client will act as {Account(view)}.</p>
                {Form(view)}
                </section>
                """));
    }

    private static Markup Publisher(string? verifiedHost) => verifiedHost is null ? default : Markup.Of($"""
        <dt>Published by</dt>
        <dd><strong class="good">{AuthorizationPage.Name(verifiedHost)}</strong> (verified)</dd>
        """);

    // A verified document does not prove that the app on the device is the one that the document describes (RFC 8252, section 8.6).
    private static Markup Warning(string? verifiedHost, RedirectTarget redirect) => (verifiedHost, redirect.IsLocalApp) switch
    {
        (null, _) => Markup.Of($"""
            <p class="notice bad"><strong>This client is not verified: it named itself.</strong> Allow it only if you just started this
            sign-in yourself, in an app that you trust.</p>
            """),
        (_, true) => Markup.Of($"""
            <p class="notice">Any app on this device can claim to be this client. Allow it only if you just started this sign-in
            yourself.</p>
            """),
        _ => default,
    };

    private static Markup Permission(ConsentPermission permission) => Markup.Of($"""
        <li><bdi>{SafeText.Line(permission.Description, MaxDescriptionLength)}</bdi>
        <code>{AuthorizationPage.Name(permission.Name)}</code></li>
        """);

    private static Markup Remainder(int count) => count <= 0 ? default : Markup.Of($"""
        <li>{count.ToString("N0", CultureInfo.InvariantCulture)} more permissions, which this page does not show</li>
        """);

    private static Markup Account(ConsentView view) => string.IsNullOrWhiteSpace(view.UserDisplayName)
        ? Markup.Of($"<strong>{AuthorizationPage.Name(view.UserName)}</strong>")
        : Markup.Of($"<strong>{AuthorizationPage.Name(view.UserDisplayName)}</strong> ({AuthorizationPage.Name(view.UserName)})");

    // A browser that submits the form without a button uses the first button (HTML, section 4.10.21.2). Therefore, Cancel is first.
    private static Markup Form(ConsentView view) => Markup.Of($"""
        <form method="post" action="{view.FormAction}">
        {view.Fields.Select(static field => AuthorizationPage.Hidden(field.Key, field.Value))}
        <div class="decisions">
        <button name="decision" value="cancel">Cancel</button>
        <button name="decision" value="approve" class="primary">Allow</button>
        </div>
        <p class="quiet">Not you? <button name="decision" value="switch" class="link">Use another account</button></p>
        </form>
        <p class="quiet">You can revoke the access at any time in <a href="connections">your connections</a>.</p>
        """);
}
