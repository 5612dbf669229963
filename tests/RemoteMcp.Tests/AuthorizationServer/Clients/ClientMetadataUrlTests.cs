using RemoteMcp.AuthorizationServer.Clients;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer.Clients;

/// <summary>Tests which URLs of metadata documents the server downloads.</summary>
public sealed class ClientMetadataUrlTests
{
    [Theory]
    [InlineData("https://claude.ai/oauth/mcp-oauth-client-metadata")]
    [InlineData("https://chatgpt.com/oauth/eaQ3VyiNzLuI/client.json")]
    [InlineData("https://vscode.dev/oauth/client-metadata.json")]
    [InlineData("https://xn--bro-hoa.example/client")]
    [InlineData("https://client.example.com/oauth/client.json?v=2")]
    [InlineData("https://client.example.com/~me/a%20b")]
    [InlineData("https://client.example.com/.well-known/client")]
    public void URL_of_a_published_document_is_accepted(string url)
    {
        Assert.Null(ClientMetadataUrl.FindProblem(url, out var parsed));
        Assert.Equal(url, parsed!.AbsoluteUri);
    }

    [Theory]
    [InlineData("https://client.example.com", "normal form")]
    [InlineData("https://client.example.com/", "path")]
    [InlineData("https://client.example.com/?x=1", "path")]
    [InlineData("https://client.example.com/c#x", "fragment")]
    [InlineData("https://user@client.example.com/c", "user information")]
    [InlineData("https://user:secret@client.example.com/c", "user information")]
    [InlineData("https://client.example.com/a/../c", "normal form")]
    [InlineData("https://client.example.com/./c", "normal form")]
    [InlineData("https://client.example.com/a/%2e%2e/c", "normal form")]
    [InlineData("https://client.example.com/%63", "normal form")]
    [InlineData("https://client.example.com:443/c", "normal form")]
    [InlineData("https://client.example.com:8443/c", "normal form")]
    [InlineData("https://CLIENT.example.com/c", "normal form")]
    [InlineData("https://127.0.0.1/c", "domain name")]
    [InlineData("https://8.8.8.8/c", "domain name")]
    [InlineData("https://127.1/c", "normal form")]
    [InlineData("https://2130706433/c", "normal form")]
    [InlineData("https://0x7f000001/c", "normal form")]
    [InlineData("https://0177.0.0.1/c", "normal form")]
    [InlineData("https://1.2.3.4.5/c", "domain name")]
    [InlineData("https://client.0x7f/c", "domain name")]
    [InlineData("https://[::1]/c", "domain name")]
    [InlineData("https://[::ffff:7f00:1]/c", "")]
    [InlineData("https://localhost/c", "domain name")]
    [InlineData("https://app.localhost/c", "domain name")]
    [InlineData("https://intranet/c", "domain name")]
    [InlineData("https://client.example.com./c", "domain name")]
    [InlineData("https://.com/c", "")]
    [InlineData("https://büro.example/c", "percent-encoded")]
    [InlineData("https://client.example.com/c\u202E", "percent-encoded")]
    [InlineData("https://client.example.com/c d", "percent-encoded")]
    [InlineData("https://client.example.com\\c", "percent-encoded")]
    [InlineData("https://client.example.com/c\r\nHost: x", "percent-encoded")]
    [InlineData("https:///c", "")]
    [InlineData("https://", "")]
    public void Other_URL_is_refused_with_the_reason(string url, string reason) =>
        Assert.Contains(reason, ClientMetadataUrl.FindProblem(url, out _));

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void URL_may_have_256_characters(int length, bool accepted) =>
        Assert.Equal(accepted, ClientMetadataUrl.FindProblem("https://client.example.com/".PadRight(length, 'a'), out _) is null);
}
