using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using RemoteMcp.AuthorizationServer.Pages;
using RemoteMcp.Testing.Http;

namespace RemoteMcp.EndToEnd.AuthorizationServer;

/// <summary>
/// Serves the pages of the authorization server with example values. The client is a second server, with another origin. Its callback shows
/// what the form posted.
/// </summary>
internal sealed class PagesServer : IAsyncDisposable
{
    private static readonly string s_longName = new('W', 200);

    private readonly WebApplication _server;
    private readonly WebApplication _client;

    private PagesServer(WebApplication server, WebApplication client) => (_server, _client) = (server, client);

    /// <summary>Gets the paths of the pages.</summary>
    public static IReadOnlyList<string> Paths { get; } =
    [
        "/oauth/consent", "/oauth/consent-verified", "/oauth/consent-long", "/oauth/error", "/oauth/error-long", "/oauth/connections",
        "/oauth/connections-none", "/oauth/connections-operator", "/oauth/connections-long", "/oauth/done", "/oauth/signed-out",
    ];

    public Uri Address => new(_server.Urls.First());

    /// <summary>Gets the redirect URI of the client. Its host name differs, so that it has another site.</summary>
    public Uri Callback => CallbackOf(_client);

    public static async Task<PagesServer> StartAsync(CancellationToken cancellationToken)
    {
        var client = await LocalServer.StartAsync(ServeClientAsync, cancellationToken);
        var server = await LocalServer.StartAsync(context => ServeAsync(context, CallbackOf(client)), cancellationToken);
        return new PagesServer(server, client);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _client.DisposeAsync();
    }

    private static Uri CallbackOf(WebApplication client) => new($"http://localhost:{new Uri(client.Urls.First()).Port}/callback");

    private static async Task ServeAsync(HttpContext context, Uri callback)
    {
        var page = context.Request.Path.Value!.Split('/')[^1];
        var redirectUri = page switch
        {
            "consent-app" => "remote-mcp-test://callback",
            "consent-ipv6" => $"http://[::1]:{callback.Port}/callback",
            _ => callback.AbsoluteUri,
        };
        if (context.Request.Path == "/client")
        {
            context.Response.Redirect(new Uri(callback, $"/?{context.Request.Scheme}://{context.Request.Host}/oauth/consent").AbsoluteUri);
        }
        else if (page == "favicon.ico")
        {
            context.Response.ContentType = "image/svg+xml";
            await context.Response.WriteAsync("<svg xmlns='http://www.w3.org/2000/svg'/>");
        }
        else if (HttpMethods.IsPost(context.Request.Method))
        {
            await ReceiveAsync(context, page);
        }
        else
        {
            if (page.StartsWith("connections", StringComparison.Ordinal))
            {
                AuthorizationPageHeaders.Set(context.Response);
            }
            else
            {
                AuthorizationPageHeaders.SetForSignIn(context.Response, page == "consent-other" ? "http://localhost:1/" : redirectUri);
            }

            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(Render(page, redirectUri));
        }
    }

    private static async Task ReceiveAsync(HttpContext context, string page)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var fields = string.Join('&', form.Select(static field => $"{field.Key}={Uri.EscapeDataString(field.Value.ToString())}"));
        if (page == "authorize")
        {
            context.Response.Redirect($"{form["redirect_uri"]}?{fields}&origin={context.Request.Headers.Origin}");
        }
        else
        {
            await context.Response.WriteAsync(fields);
        }
    }

    private static Task ServeClientAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(context.Request.Path == "/callback"
            ? "<script>document.title = window.opener ? 'can reach its client' : 'is separated'</script>"
            : "<button onclick='window.open(location.search.slice(1))'>Sign in</button>");
    }

    private static string Render(string page, string redirectUri) => page switch
    {
        "consent-verified" => ConsentPage.Render(Consent(redirectUri) with
        {
            ClientName = "Visual Studio Code",
            VerifiedHost = "vscode.dev",
            RedirectUri = "https://vscode.dev/redirect",
            Permissions = [new("Mcp.Access", "Call the tools of this server"), new("Files.Write", "Change and delete your team's files")],
        }),
        "consent-long" => ConsentPage.Render(new(
            s_longName, s_longName, s_longName, s_longName, s_longName, $"https://{new string('w', 60)}.example/{s_longName}",
            [new(s_longName, s_longName)], "/oauth/authorize", [])),
        "error" => ErrorPage.Render(new(
            "team-tools", "The sign-in took too long", "It must end within 10 minutes, in the browser in which it began.",
            "Start the sign-in again in your client.", "AADSTS50105", new("Open your connections", "/oauth/connections"))),
        "error-long" => ErrorPage.Render(new(
            s_longName, s_longName, s_longName, s_longName, s_longName, new(s_longName, "/oauth/connections"))),
        "connections" => ConnectionsPage.Render(Connections()),
        "connections-none" => ConnectionsPage.Render(Connections() with { Connections = [], Message = "Cursor lost its access." }),
        "connections-operator" => ConnectionsPage.Render(
            Connections() with { IsOperator = true, SearchedUser = "5f0c3a3e-8d3b-4c55-9a0e-2f6a1b7c9d10" }),
        "connections-long" => ConnectionsPage.Render(new(
            s_longName, s_longName, [new("1", s_longName, s_longName, s_longName, [s_longName], default, default)],
            "/oauth/connections", "token", IsOperator: true, s_longName, s_longName)),
        "done" => DonePage.Connected("team-tools"),
        "signed-out" => DonePage.SignedOut("team-tools"),
        _ => ConsentPage.Render(Consent(redirectUri)),
    };

    private static ConsentView Consent(string redirectUri) => new(
        "team-tools", "ada@contoso.com", "Ada Lovelace", "Cursor", null, redirectUri,
        [new("Mcp.Access", "Call the tools of this server")], "/oauth/authorize",
        [new("redirect_uri", redirectUri), new("state", "a+b c\"<d>&e")]);

    private static ConnectionsView Connections()
    {
        var granted = new DateTimeOffset(2026, 11, 5, 9, 7, 0, TimeSpan.Zero);
        return new(
            "team-tools",
            "ada@contoso.com",
            [
                new("1", "Visual Studio Code", "vscode.dev", "vscode.dev",
                    ["Call the tools of this server", "Change and delete your team's files"], granted, granted.AddDays(3)),
                new("2", "Cursor", null, "an app on this device (localhost:8787)", ["Call the tools of this server"], granted, granted),
            ],
            "/oauth/connections", "token", IsOperator: false, null, null);
    }
}
