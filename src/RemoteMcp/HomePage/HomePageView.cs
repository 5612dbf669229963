using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Clients;
using RemoteMcp.Configuration;
using RemoteMcp.Web;

namespace RemoteMcp.HomePage;

/// <summary>
/// Renders the page for people: the URL of the server, the configuration of each client, the sign-in, the tools, and the health. The page
/// is the same for everyone and uses no session. By default, the page of a server with Entra sign-in discloses no more about the server
/// than its public resource metadata.
/// </summary>
internal sealed class HomePageView(
    IOptions<RemoteMcpOptions> server,
    IOptions<HomePageOptions> page,
    IOptions<AuthOptions> auth,
    IOptions<McpServerOptions> mcp,
    Challenges challenges)
{
    private readonly PageAsset _style = PageAsset.Read("Web/Assets/base.css", "HomePage/Assets/home.css");
    private readonly PageAsset _script = PageAsset.Read("HomePage/Assets/home.js");

    /// <summary>Gets the directives of the Content-Security-Policy that allow the content of the page.</summary>
    public IEnumerable<string> ContentDirectives =>
    [
        $"style-src {_style.HashSource}",
        $"script-src {_script.HashSource}",
        "img-src 'self'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ];

    /// <summary>Returns the page as HTML, at most 100 KB in UTF-8.</summary>
    /// <param name="entry">The server's entry in the configuration of clients.</param>
    /// <param name="pathBase">The path of the public URL, which is the prefix of all paths of the server.</param>
    /// <param name="health">The result of <c>/readyz</c>.</param>
    public string Render(HttpServerEntry entry, PathString pathBase, HealthReport health) => Markup.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        {PageHead.Render($"{entry.Name} – MCP server", $"{pathBase.ToUriComponent()}/favicon.ico", _style)}
        <body>
        <header>
        <h1 dir="auto">{entry.Name}</h1>
        {HealthSection.Badge(health)}
        <p>This is an MCP server. It gives AI assistants, such as VS Code, Claude, and Cursor, the tools of your team. Add its URL to your
        client once. Then use the tools in your client.</p>
        </header>
        <main>
        {ClientSection.Endpoint(entry)}
        {ClientSection.Clients(entry)}
        {SignInSection.Render(auth.Value, challenges.Qualify(auth.Value.RequiredScope), pathBase)}
        {ToolSection.Render(mcp.Value, IsToolListShown)}
        {HealthSection.Render(health)}
        </main>
        <p id="copy-status" class="visually-hidden" role="status"></p>
        <script>{Markup.Verbatim(_script)}</script>
        </body>
        </html>

        """).ToString();

    /// <summary>Returns the server's entry in the configuration of clients for an endpoint.</summary>
    public HttpServerEntry CreateEntry(Uri endpoint) => new(server.Value.Name, endpoint);

    private bool IsToolListShown => page.Value.ShowTools ?? auth.Value.Mode == AuthMode.None;
}
