using Microsoft.AspNetCore.Http;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Web;

namespace RemoteMcp.HomePage;

/// <summary>Renders who may call the server, from the information in the public resource metadata.</summary>
internal static class SignInSection
{
    private const string ConnectionsPath = ResourceUrl.IssuerPath + "/connections";

    /// <summary>Returns the section.</summary>
    /// <param name="auth">The settings of the sign-in.</param>
    /// <param name="scope">The scope that every call needs, in its fully qualified form.</param>
    /// <param name="pathBase">The path of the public URL, which is the prefix of all paths of the server.</param>
    public static Markup Render(AuthOptions auth, string scope, PathString pathBase) => Markup.Of($"""
        <section aria-labelledby="sign-in">
        <h2 id="sign-in">Sign-in</h2>
        {Content(auth, scope, pathBase)}
        </section>
        """);

    private static Markup Content(AuthOptions auth, string scope, PathString pathBase) => auth switch
    {
        { Mode: AuthMode.None } => WithoutSignIn(),
        { SignIn: SignInMode.Server } => AtServer(auth, scope, pathBase),
        _ => AtEntra(auth, scope),
    };

    private static Markup WithoutSignIn() => Markup.Of($"""
        <p>This server requires no sign-in. It runs on this machine, for anyone who uses the machine.</p>
        """);

    private static Markup AtServer(AuthOptions auth, string scope, PathString pathBase) => Markup.Of($"""
        <p>Paste the URL of this server into your client. When the client first connects, it opens a page where you sign in with your work
        account and allow the client. You do not need to copy a token or a secret. This page itself requires no sign-in.</p>
        {Details(auth, scope)}
        <p><a href="{pathBase.ToUriComponent()}{ConnectionsPath}">See and revoke what you allowed</a></p>
        """);

    private static Markup AtEntra(AuthOptions auth, string scope) => Markup.Of($"""
        <p>Your client signs you in with your work account. When it first connects, it opens the Microsoft Entra ID sign-in page in your
        browser. You do not need to copy a token or a secret. This page itself requires no sign-in.</p>
        {Details(auth, scope)}
        <p>If your client asks for a client id, or reports that the client is not registered, ask the people who run this server for a
        client id.</p>
        """);

    private static Markup Details(AuthOptions auth, string scope) => Markup.Of($"""
        <dl>
        <dt>Account</dt>
        <dd>{Account(auth)}</dd>
        <dt>Scope</dt>
        <dd><code>{scope}</code>. If a tool needs another scope, the client requests it.</dd>
        </dl>
        """);

    private static Markup Account(AuthOptions auth) => auth.IsMultiTenant
        ? Markup.Of($"A work account of an organization that this server allows, at <code>{auth.Authority}</code>")
        : Markup.Of($"A work account of the tenant <code>{auth.TenantId}</code>, at <code>{auth.Authority}</code>");
}
