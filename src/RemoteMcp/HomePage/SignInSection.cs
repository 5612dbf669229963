using RemoteMcp.Auth.Authentication;

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
        <p>There is no sign-in: the server runs on this machine, for whoever uses it.</p>
        """);

    private static Markup WithEntra(AuthOptions auth, string scope) => Markup.Of($"""
        <p>Your client signs you in, with your work account: when it first connects it opens the sign-in page of Microsoft Entra ID in your
        browser. You copy no token and no secret. This page itself knows no sign-in.</p>
        <dl>
        <dt>Account</dt>
        <dd>{Account(auth)}</dd>
        <dt>Scope</dt>
        <dd><code>{scope}</code>. When a tool needs another scope, the client asks for it.</dd>
        </dl>
        <p>If your client asks for a client id, or says that it is not registered, ask the people who run this server for one.</p>
        """);

    private static Markup Account(AuthOptions auth) => auth.IsMultiTenant
        ? Markup.Of($"A work account of an organization that this server admits, at <code>{auth.Authority}</code>")
        : Markup.Of($"A work account of the tenant <code>{auth.TenantId}</code>, at <code>{auth.Authority}</code>");
}
