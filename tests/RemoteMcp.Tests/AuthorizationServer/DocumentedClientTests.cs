using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using RemoteMcp.AuthorizationServer.Clients;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>
/// Tests the sign-in of clients that cannot run here, as their vendors document it: with a metadata document or a registration, with their
/// own callback, and at the paths that they use.
/// </summary>
public sealed class DocumentedClientTests : SignInServer
{
    public static TheoryData<string, string, string> WithDocument => new()
    {
        { "VS Code", "https://vscode.dev/oauth/client-metadata.json", "http://127.0.0.1:33418/" },
        { "VS Code on the web", "https://vscode.dev/oauth/client-metadata.json", "https://vscode.dev/redirect" },
        { "Claude", "https://claude.ai/oauth/mcp-oauth-client-metadata", "https://claude.ai/api/mcp/auth_callback" },
        { "Claude Code", "https://claude.ai/oauth/claude-code-client-metadata", "http://localhost:53682/callback" },
        { "ChatGPT", "https://chatgpt.com/oauth/client-metadata.json", "https://chatgpt.com/connector/oauth/abc123" },
    };

    public static TheoryData<string, string, string> Registered => new()
    {
        { "Cursor", "http://localhost:8787/callback", "/oauth" },
        { "Cursor (app link)", "cursor://anysphere.cursor-mcp/oauth/callback", "/oauth" },
        { "Copilot Studio", "https://global.consent.azure-apim.net/redirect/contoso-5ftools", "/oauth" },
        { "Claude, which ignores the metadata", "https://claude.ai/api/mcp/auth_callback", "" },
        { "ChatGPT", "https://chatgpt.com/connector/oauth/abc123", "/oauth" },
    };

    private protected override void AddTools(IMcpServerBuilder server)
    {
        base.AddTools(server);
        server.Services.AddSingleton(static provider => new ClientMetadataDocuments(
            new PublishedDocuments(),
            provider.GetRequiredService<RedirectPolicy>(),
            provider.GetRequiredService<TimeProvider>(),
            NullLogger<ClientMetadataDocuments>.Instance));
    }

    [Theory, MemberData(nameof(WithDocument))]
    public async Task Client_with_a_metadata_document_signs_in(string name, string clientId, string redirect)
    {
        using var client = Client();
        client.ClientId = clientId;

        var page = await client.Browser.GoAsync(client.AuthorizeUrl(("redirect_uri", redirect)));

        Assert.Contains(new Uri(clientId).Host, page.Text, StringComparison.Ordinal);
        await CompleteAsync(client, page, redirect, "/oauth", name);
    }

    [Theory, MemberData(nameof(Registered))]
    public async Task Client_that_registers_signs_in(string name, string redirect, string path)
    {
        using var client = await Client().RegisterAsync(name, redirect);
        var authorize = new Uri(Server.Url, path + "/authorize" + client.AuthorizeUrl(("redirect_uri", redirect)).Query);

        await CompleteAsync(client, await client.Browser.GoAsync(authorize), redirect, path, name);
    }

    private async Task CompleteAsync(
        AuthorizationDriver client, BrowserDriver.BrowserPage page, string redirect, string path, string name)
    {
        Assert.True(page.HasButton("approve"), $"{name}: {page.Text}");
        var end = await client.Browser.SubmitAsync(page, "approve");
        Assert.StartsWith(redirect, end.Redirect!.ToString(), StringComparison.Ordinal);

        var tokens = await client.RedeemAsync(end.Parameters["code"]!, path, ("redirect_uri", redirect));

        Assert.Equal(HttpStatusCode.OK, await CallAsync(tokens));
    }

    /// <summary>The documents, with the members that the vendors publish.</summary>
    private sealed class PublishedDocuments : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var clientId = request.RequestUri!.AbsoluteUri;
            var redirects = WithDocument.Select(static row => row.Data).Where(row => row.Item2 == clientId).Select(static row => row.Item3);
            var document = JsonSerializer.SerializeToElement(new
            {
                client_id = clientId,
                client_name = new Uri(clientId).Host,
                redirect_uris = redirects.ToArray(),
                grant_types = new[] { "authorization_code", "refresh_token" },
                response_types = new[] { "code" },
                token_endpoint_auth_method = "none",
            });
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(document) });
        }
    }
}
