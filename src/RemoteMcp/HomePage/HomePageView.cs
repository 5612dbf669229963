using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Clients;
using RemoteMcp.Configuration;

namespace RemoteMcp.HomePage;

/// <summary>
/// The page for people: where the server is, how each client is set up, who may call, what there is to call, and whether it works. It is
/// the same for everybody, knows no session, and says nothing of an Entra-protected server that its metadata does not tell everybody.
/// </summary>
internal sealed class HomePageView(
    IOptions<RemoteMcpOptions> server,
    IOptions<HomePageOptions> page,
    IOptions<AuthOptions> auth,
    IOptions<McpServerOptions> mcp,
    Challenges challenges)
{
    private readonly PageAsset _style = PageAsset.Read("home.css");
    private readonly PageAsset _script = PageAsset.Read("home.js");

    /// <summary>What the page may do, as directives of its Content-Security-Policy.</summary>
    public IEnumerable<string> ContentDirectives =>
        [$"style-src {_style.HashSource}", $"script-src {_script.HashSource}", "img-src 'self'", "require-trusted-types-for 'script'", "trusted-types 'none'"];

    /// <summary>The page as HTML, at most 100 KB of UTF-8.</summary>
    /// <param name="entry">The server as clients are told about it.</param>
    /// <param name="pathBase">The public URL's path, which everything below it begins with.</param>
    /// <param name="health">What <c>/readyz</c> says.</param>
    public string Render(HttpServerEntry entry, PathString pathBase, HealthReport health) => Markup.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex">
        <title>{entry.Name} – MCP server</title>
        <link rel="icon" type="image/svg+xml" href="{pathBase.ToUriComponent()}/favicon.ico">
        <style>{Markup.Verbatim(_style)}</style>
        </head>
        <body>
        <header>
        <h1 dir="auto">{entry.Name}</h1>
        {HealthSection.Badge(health)}
        <p>This is an MCP server. It gives AI assistants – VS Code, Claude, Cursor and others – the tools of your team. Add its address to
        your client once, and use it from there.</p>
        </header>
        <main>
        {ClientSection.Endpoint(entry)}
        {ClientSection.Clients(entry)}
        {SignInSection.Render(auth.Value, challenges.Qualify(auth.Value.RequiredScope))}
        {ToolSection.Render(mcp.Value, IsToolListShown)}
        {HealthSection.Render(health)}
        </main>
        <p id="said" class="unseen" role="status"></p>
        <script>{Markup.Verbatim(_script)}</script>
        </body>
        </html>

        """).ToString();

    /// <summary>The server as clients are told about it, at an address.</summary>
    public HttpServerEntry At(Uri endpoint) => new(server.Value.Name, endpoint);

    private bool IsToolListShown => page.Value.ShowTools ?? auth.Value.Mode == AuthMode.None;
}
