using RemoteMcp.AuthorizationServer.Clients;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer.Clients;

/// <summary>Tests the content of client ID metadata documents.</summary>
public sealed class ClientDocumentTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Document_of_a_client_describes_it()
    {
        var client = await ReadAsync(TestClients.Document());

        Assert.Equal(TestClients.Url, client.ClientId);
        Assert.Equal(TestClients.Url, client.Key);
        Assert.Equal("Example", client.Name);
        Assert.Equal([TestClients.Redirect], client.RedirectUris);
        Assert.Equal("client.example.com", client.VerifiedHost);
    }

    [Theory]
    [InlineData("{'client_id':'URL','client_name':'ChatGPT','redirect_uris':['https://chatgpt.com/connector_platform_oauth_redirect'],"
        + "'token_endpoint_auth_method':'private_key_jwt','token_endpoint_auth_methods_supported':['none','private_key_jwt'],"
        + "'jwks_uri':'https://chatgpt.com/oauth/jwks.json','grant_types':['authorization_code','refresh_token']}")]
    [InlineData("{'client_id':'URL','client_name':'Visual Studio Code','redirect_uris':['http://127.0.0.1:33418/',"
        + "'https://vscode.dev/redirect'],'grant_types':['authorization_code','urn:ietf:params:oauth:grant-type:device_code'],"
        + "'token_endpoint_auth_method':'none','application_type':'native'}")]
    [InlineData("{'client_id':'URL','redirect_uris':['http://localhost/callback'],'client_name':null,'logo_uri':[{'unknown':{}}]}")]
    public async Task Document_as_clients_publish_it_is_accepted(string document)
    {
        var client = await ReadAsync(document.Replace('\'', '"').Replace("URL", TestClients.Url, StringComparison.Ordinal));

        Assert.NotEmpty(client.RedirectUris);
    }

    [Theory]
    [InlineData("", "JSON object")]
    [InlineData("<html>", "JSON object")]
    [InlineData("[]", "JSON object")]
    [InlineData("null", "JSON object")]
    [InlineData("{", "JSON object")]
    [InlineData("""{"client_id":"URL","client_id":"URL","redirect_uris":["http://127.0.0.1/"]}""", "duplicate")]
    [InlineData("""{"client_id":"URL","client_name":"\ud800","redirect_uris":["http://127.0.0.1/"]}""", "JSON object")]
    [InlineData("""{"redirect_uris":["http://127.0.0.1/"]}""", "client_id must be equal")]
    [InlineData("""{"client_id":null,"redirect_uris":["http://127.0.0.1/"]}""", "client_id must be equal")]
    [InlineData("""{"client_id":["URL"],"redirect_uris":["http://127.0.0.1/"]}""", "client_id must be text")]
    [InlineData("""{"client_id":"https://claude.ai/oauth/mcp","redirect_uris":["http://127.0.0.1/"]}""", "client_id must be equal")]
    [InlineData("""{"client_id":"URL/","redirect_uris":["http://127.0.0.1/"]}""", "client_id must be equal")]
    [InlineData("""{"client_id":"HTTPS://client.example.com/oauth/client.json","redirect_uris":["http://127.0.0.1/"]}""", "client_id must")]
    [InlineData("""{"client_id":"URL","redirect_uris":["http://127.0.0.1/"],"client_secret":"x"}""", "client secret")]
    [InlineData("""{"client_id":"URL","redirect_uris":["http://127.0.0.1/"],"client_secret_expires_at":0}""", "client secret")]
    [InlineData("""{"client_id":"URL","redirect_uris":["http://127.0.0.1/"],"token_endpoint_auth_method":"private_key_jwt"}""", "public")]
    [InlineData("""{"client_id":"URL","redirect_uris":["http://127.0.0.1/"],"token_endpoint_auth_method":"client_secret_post"}""", "none")]
    [InlineData("""{"client_id":"URL","redirect_uris":["http://127.0.0.1/"],"token_endpoint_auth_method":1}""", "must be text")]
    [InlineData("""{"client_id":"URL"}""", "redirect_uris must contain 1 to 20")]
    [InlineData("""{"client_id":"URL","redirect_uris":[]}""", "redirect_uris must contain 1 to 20")]
    [InlineData("""{"client_id":"URL","redirect_uris":"http://127.0.0.1/"}""", "redirect_uris must be a list")]
    [InlineData("""{"client_id":"URL","redirect_uris":[1]}""", "redirect_uris must be a list")]
    [InlineData("""{"client_id":"URL","redirect_uris":[null]}""", "redirect_uris must be a list")]
    [InlineData("""{"client_id":"URL","redirect_uris":["javascript:alert(1)"]}""", "javascript:")]
    [InlineData("""{"client_id":"URL","redirect_uris":["http://127.0.0.1/","javascript:alert(1)"]}""", "javascript:")]
    [InlineData("""{"client_id":"URL","redirect_uris":["https://evil.com/"]}""", "does not redirect to 'https://evil.com/'")]
    [InlineData("""{"client_id":"URL","client_name":{},"redirect_uris":["http://127.0.0.1/"]}""", "client_name must be text")]
    public async Task Document_is_refused_with_the_reason_and_the_client(string document, string reason)
    {
        var refusal = await Assert.ThrowsAsync<ClientRefusedException>(
            () => ReadAsync(document.Replace("URL", TestClients.Url, StringComparison.Ordinal)));

        Assert.Contains(reason, refusal.Message);
        Assert.Contains(TestClients.Url, refusal.Message);
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public async Task Document_may_list_20_redirect_URIs(int count, bool accepted)
    {
        var uris = string.Join(',', Enumerable.Range(1, count).Select(static port => $"\"http://127.0.0.1:{port}/\""));
        var read = () => ReadAsync($$"""{"client_id":"{{TestClients.Url}}","redirect_uris":[{{uris}}]}""");

        Assert.Equal(accepted, accepted ? (await read()).RedirectUris.Count == count : await Record.ExceptionAsync(read) is null);
    }

    [Fact]
    public async Task Redirect_of_an_unknown_host_is_left_out()
    {
        var client = await ReadAsync($$"""
            {
              "client_id": "{{TestClients.Url}}",
              "redirect_uris": [
                "https://www.cursor.com/agents/mcp/oauth/callback", "https://grok.com/connectors/", "grokbot://mcp/oauth/callback"
              ]
            }
            """);

        Assert.Equal(["https://www.cursor.com/agents/mcp/oauth/callback"], client.RedirectUris);
        Assert.Equal("client.example.com", client.Name);
    }

    [Theory]
    [InlineData("https:/client.example.com/c")]
    [InlineData("http://client.example.com/c")]
    [InlineData("HTTPS://client.example.com/c")]
    [InlineData("client")]
    [InlineData("")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task Client_id_of_no_known_form_is_unknown(string clientId)
    {
        using var handler = new StubHandler(static _ => throw new InvalidOperationException());
        using var documents = TestClients.Documents(handler);

        Assert.Null(await new ClientResolver(documents, null!).FindAsync(clientId, Cancel));
        Assert.Null(await new ClientResolver(documents, null!).FindAsync("https://" + new string('a', 8185), Cancel));
        Assert.Equal(0, handler.Requests);
    }

    [Fact]
    public async Task Refused_URL_is_not_downloaded()
    {
        using var handler = new StubHandler(static _ => TestClients.Response("{}"));
        using var documents = TestClients.Documents(handler);

        var refusal = await Assert.ThrowsAsync<ClientRefusedException>(
            async () => await new ClientResolver(documents, null!).FindAsync("https://10.0.0.1/c", Cancel));

        Assert.Contains("'https://10.0.0.1/c'", refusal.Message);
        Assert.Equal(0, handler.Requests);
    }

    private static async Task<ClientApplication> ReadAsync(string document)
    {
        using var handler = new StubHandler(_ => TestClients.Response(document));
        using var documents = TestClients.Documents(handler);
        return (await new ClientResolver(documents, null!).FindAsync(TestClients.Url, Cancel))!;
    }
}
