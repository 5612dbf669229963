using RemoteMcp.AuthorizationServer.Clients;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer.Clients;

/// <summary>Tests where the browser may be sent with an authorization code.</summary>
public sealed class RedirectPolicyTests
{
    [Theory]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://127.0.0.1:33418/")]
    [InlineData("http://[::1]:1/callback?x=1")]
    [InlineData("http://localhost:65535/oauth/callback")]
    [InlineData("http://localhost/callback")]
    [InlineData("https://claude.ai/api/mcp/auth_callback")]
    [InlineData("https://claude.com/api/mcp/auth_callback")]
    [InlineData("https://chatgpt.com/connector/oauth/eaQ3VyiNzLuI")]
    [InlineData("https://chatgpt.com/connector_platform_oauth_redirect")]
    [InlineData("https://vscode.dev/redirect")]
    [InlineData("https://insiders.vscode.dev/redirect")]
    [InlineData("https://www.cursor.com/agents/mcp/oauth/callback")]
    [InlineData("https://global.consent.azure-apim.net/redirect/mvp-5fholy-20moly")]
    [InlineData("https://CLAUDE.ai:443/x")]
    [InlineData("cursor://anysphere.cursor-mcp/oauth/callback")]
    [InlineData("vscode://vscode.mcp/callback")]
    [InlineData("vscode-insiders://vscode.mcp/callback")]
    public void Published_callback_and_loopback_are_allowed(string uri)
    {
        Assert.Null(TestClients.Policy().FindProblem(uri));
        Assert.True(TestClients.Policy().IsAllowed(uri));
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("JaVaScRiPt:alert(1)")]
    [InlineData("javascript://claude.ai/%0aalert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("vbscript:x")]
    [InlineData("blob:https://claude.ai/x")]
    [InlineData("about:blank")]
    [InlineData("intent://x#Intent;end")]
    [InlineData("view-source:https://claude.ai/")]
    [InlineData("http://claude.ai/api/mcp/auth_callback")]
    [InlineData("http://127.0.0.1.evil.com/")]
    [InlineData("http://127.0.0.1@evil.com/")]
    [InlineData("http://localhost:80@evil.com/")]
    [InlineData("http://localhost:1:2/")]
    [InlineData("http://localhost:0/")]
    [InlineData("http://localhost:65536/")]
    [InlineData("http://localhost:+1/")]
    [InlineData("http://localhost:/")]
    [InlineData("http://localhost./")]
    [InlineData("http://localhost.evil.com/")]
    [InlineData("http://127.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f.0.0.1/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://192.168.0.1/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[::1].evil.com/")]
    [InlineData("http:127.0.0.1/")]
    [InlineData("http:/localhost/")]
    [InlineData("https://evil.com/")]
    [InlineData("https://claude.ai.evil.com/")]
    [InlineData("https://evil.com/claude.ai")]
    [InlineData("https://evil.com?claude.ai")]
    [InlineData("https://xclaude.ai/")]
    [InlineData("https://x.claude.ai/")]
    [InlineData("https://claude.ai./")]
    [InlineData("https://claude.ai:8443/")]
    [InlineData("https://claude.ai:443:443/")]
    [InlineData("https://claude.ai@evil.com/")]
    [InlineData("https://claude.ai:x@evil.com/")]
    [InlineData("https://evil.com\\@claude.ai/")]
    [InlineData("https://evil.com\\.claude.ai/")]
    [InlineData("https://claude.ai%2eevil.com/")]
    [InlineData("https://claude%2eai/")]
    [InlineData("https:///claude.ai/")]
    [InlineData("https:claude.ai")]
    [InlineData("https:\\\\claude.ai\\")]
    [InlineData("https://claude.ai/#token")]
    [InlineData("https://claude.ai/\u202Ecipot")]
    [InlineData("https://claude.ai/ x")]
    [InlineData("https://claude.ai/\r\nSet-Cookie:x=1")]
    [InlineData("https://claude.ai/\t")]
    [InlineData("https://claude.ai/\0")]
    [InlineData("https://claude.ai/<script>")]
    [InlineData("https://claude.ai/\"onload=x")]
    [InlineData("https://clаude.ai/")]
    [InlineData("//claude.ai/callback")]
    [InlineData("/callback")]
    [InlineData("claude.ai")]
    [InlineData("urn:ietf:wg:oauth:2.0:oob")]
    [InlineData("evilapp://callback")]
    [InlineData("cursor:")]
    [InlineData("cursor://")]
    [InlineData("cursor://user@host/")]
    [InlineData("cursor://host:99999/")]
    [InlineData("cursor://[::1")]
    [InlineData("1cursor:x")]
    [InlineData(" cursor:x")]
    [InlineData("*")]
    [InlineData(":")]
    [InlineData("")]
    public void Redirect_to_another_receiver_is_refused_with_a_sentence(string uri)
    {
        var problem = TestClients.Policy().FindProblem(uri);

        Assert.False(TestClients.Policy().IsAllowed(uri));
        Assert.NotNull(problem);
        Assert.EndsWith(".", problem);
        Assert.DoesNotContain("\u202E", problem);
    }

    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public void Redirect_URI_may_have_512_characters(int length, bool allowed) =>
        Assert.Equal(allowed, TestClients.Policy().IsAllowed("https://claude.ai/".PadRight(length, 'a')));

    [Theory]
    [InlineData("https://tools.contoso.com/callback", true)]
    [InlineData("https://TOOLS.contoso.com/callback", true)]
    [InlineData("myapp://callback", true)]
    [InlineData("myapp:/callback", true)]
    [InlineData("http://localhost:5000/", true)]
    [InlineData("https://contoso.com/callback", false)]
    [InlineData("https://x.tools.contoso.com/callback", false)]
    [InlineData("https://claude.ai/api/mcp/auth_callback", false)]
    [InlineData("cursor://callback", false)]
    public void List_of_the_operator_replaces_the_default(string uri, bool allowed) =>
        Assert.Equal(allowed, TestClients.Policy("tools.contoso.com", "MyApp:").IsAllowed(uri));

    [Theory]
    [InlineData("https://claude.ai/#token", "'https://claude.ai/#token' contains a fragment (#)")]
    [InlineData("http://claude.ai/", "http, which is allowed only for 127.0.0.1, [::1], and localhost")]
    [InlineData("https://claude.ai:8443/", "needs a host without a port")]
    [InlineData("javascript:alert(1)", "the scheme javascript:, which does not belong to an app")]
    [InlineData("cursor://user@host/", "user information")]
    [InlineData("/callback", "is not an absolute URI")]
    public void Refusal_names_what_is_wrong(string uri, string problem) =>
        Assert.Contains(problem, TestClients.Policy().FindProblem(uri));

    [Fact]
    public void Refusal_names_the_setting_and_the_missing_entry()
    {
        var problem = TestClients.Policy().FindProblem("https://tools.contoso.com/callback");

        Assert.Contains("'tools.contoso.com' to RemoteMcp:AuthorizationServer:AllowedRedirects", problem);
    }

    [Theory]
    [InlineData("https://claude.ai/cb", "https://claude.ai/cb", true)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:5000/cb", true)]
    [InlineData("http://127.0.0.1:33418/", "http://127.0.0.1:59656/", true)]
    [InlineData("http://127.0.0.1:33418", "http://127.0.0.1:59656/", true)]
    [InlineData("http://[::1]:1/cb?x=1", "http://[::1]/cb?x=1", true)]
    [InlineData("http://localhost/cb", "http://localhost:8787/cb", true)]
    [InlineData("http://127.0.0.1/cb", "http://localhost/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1/cb/", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1/CB", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1/x/../cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1/cb?x=1", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1/cb#x", false)]
    [InlineData("http://127.0.0.1/cb", "https://127.0.0.1/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:80@evil.com/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1.evil.com/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:99999/cb", false)]
    [InlineData("https://claude.ai/cb", "https://claude.ai:444/cb", false)]
    [InlineData("https://claude.ai/cb", "https://claude.ai/cb?x=1", false)]
    [InlineData("https://claude.ai/cb", "https://CLAUDE.ai/cb", false)]
    [InlineData("https://claude.ai", "https://claude.ai/", false)]
    [InlineData("cursor://a/cb", "cursor://a/cb2", false)]
    public void Only_the_port_of_a_loopback_address_may_differ(string registered, string requested, bool matches) =>
        Assert.Equal(matches, RedirectUri.Matches(registered, requested));
}
