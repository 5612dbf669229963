using RemoteMcp.Auth.Authentication;
using RemoteMcp.Web;

namespace RemoteMcp.HomePage;

/// <summary>Renders who may call the server, from the information in the public resource metadata.</summary>
internal static class SignInSection
{
    public static Markup Render(AuthOptions auth, string scope) => Markup.Of($"""
        <section aria-labelledby="sign-in">
        <h2 id="sign-in">Sign-in</h2>
        {(auth.Mode == AuthMode.None ? WithoutSignIn() : WithEntra(auth, scope))}
        </section>
        """);

    private static Markup WithoutSignIn() => Markup.Of($"""
        <p>This server requires no sign-in. It runs on this machine, for anyone who uses the machine.</p>
        """);

    private static Markup WithEntra(AuthOptions auth, string scope) => Markup.Of($"""
        <p>Your client signs you in with your work account. When it first connects, it opens the Microsoft Entra ID sign-in page in your
        browser. You do not need to copy a token or a secret. This page itself requires no sign-in.</p>
        <dl>
        <dt>Account</dt>
        <dd>{Account(auth)}</dd>
        <dt>Scope</dt>
        <dd><code>{scope}</code>. If a tool needs another scope, the client requests it.</dd>
        </dl>
        <p>If your client asks for a client id, or reports that the client is not registered, ask the people who run this server for a
        client id.</p>
        """);

    private static Markup Account(AuthOptions auth) => auth.IsMultiTenant
        ? Markup.Of($"A work account of an organization that this server allows, at <code>{auth.Authority}</code>")
        : Markup.Of($"A work account of the tenant <code>{auth.TenantId}</code>, at <code>{auth.Authority}</code>");
}
