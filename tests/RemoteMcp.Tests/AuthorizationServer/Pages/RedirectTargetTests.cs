using RemoteMcp.AuthorizationServer.Pages;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer.Pages;

/// <summary>Tests how a redirect URI is described for people and for the Content-Security-Policy.</summary>
public sealed class RedirectTargetTests
{
    private const string Unknown = "an address that this server does not recognize";

    [Theory]
    [InlineData("https://claude.ai/api/mcp/auth_callback", "claude.ai", null)]
    [InlineData("https://contoso.com:8443/cb", "contoso.com:8443", null)]
    [InlineData("https://claude.ai@evil.example/cb", "evil.example", null)]
    [InlineData("https://evil.example#@claude.ai/cb", "evil.example", null)]
    [InlineData("https://cl\u0430ude.ai/cb", "xn--clude-5ve.ai", null)]
    [InlineData("http://localhost:33418/cb", "an app on this device (localhost:33418)", "http://localhost:33418")]
    [InlineData("http://LOCALHOST/cb", "an app on this device (localhost)", "http://localhost")]
    [InlineData("http://127.0.0.1:1/cb", "an app on this device (127.0.0.1:1)", "http://127.0.0.1:1")]
    [InlineData("http://127.0.0.2:1/cb", "an app on this device (127.0.0.2:1)", "http:")]
    [InlineData("http://[::1]:33418/cb", "an app on this device ([::1]:33418)", "http:")]
    [InlineData("http://localhost.evil.example/cb", "localhost.evil.example", "http://localhost.evil.example")]
    [InlineData("http://192.0.2.1/cb", "192.0.2.1", "http:")]
    [InlineData("cursor://anysphere.cursor-mcp/oauth/callback", "the app on this device that opens cursor: links", "cursor:")]
    [InlineData("com.example.app:/cb", "the app on this device that opens com.example.app: links", "com.example.app:")]
    public void Redirect_URI_has_a_description_and_a_source(string redirectUri, string description, string? source)
    {
        var redirect = new RedirectTarget(redirectUri);

        Assert.Equal(description, redirect.Description);
        Assert.Equal(source, redirect.PolicySource);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("JaVaScRiPt://localhost/%0aalert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("blob:https://claude.ai/1")]
    [InlineData("vbscript:x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/callback")]
    [InlineData("//evil.example/cb")]
    [InlineData("https://evil.example\\@claude.ai/cb")]
    [InlineData("claude.ai")]
    [InlineData("")]
    [InlineData("http://")]
    [InlineData("http://a;b/cb")]
    [InlineData("http://a,b/cb")]
    [InlineData("http://a b/cb")]
    [InlineData("http://a'self'/cb")]
    [InlineData("http://*/cb")]
    [InlineData("http://localhost:*/cb")]
    [InlineData("http://localhost:1;script-src/cb")]
    [InlineData("x; script-src *:/cb")]
    [InlineData("x,y:/cb")]
    public void URI_that_leads_to_no_client_has_no_source(string redirectUri)
    {
        var redirect = new RedirectTarget(redirectUri);

        Assert.Equal(Unknown, redirect.Description);
        Assert.Null(redirect.PolicySource);
        Assert.False(redirect.IsLocalApp);
    }

    [Theory]
    [InlineData("http://localhost:1/;script-src *")]
    [InlineData("http://localhost:1/, default-src *")]
    [InlineData("http://localhost:1/\r\nSet-Cookie: a=b")]
    [InlineData("http://user;script-src:x@localhost:1/")]
    [InlineData("http://localhost:1?; script-src *")]
    public void Other_parts_of_the_URI_do_not_reach_the_source(string redirectUri) =>
        Assert.Contains(new RedirectTarget(redirectUri).PolicySource, (string?[])["http://localhost:1", null]);

    [Fact]
    public void Text_is_one_bounded_line()
    {
        var redirect = new RedirectTarget($"https://claude.ai/\r\n\u202e{new string('x', 10_000)}");

        Assert.StartsWith("https://claude.ai/\\u000D\\u000A\\u202Ex", redirect.Text);
        Assert.InRange(redirect.Text.Length, 1, 2050);
    }
}
