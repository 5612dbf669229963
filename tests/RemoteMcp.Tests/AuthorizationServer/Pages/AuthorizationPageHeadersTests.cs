using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using RemoteMcp.AuthorizationServer.Pages;
using RemoteMcp.Tests.HomePage;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer.Pages;

/// <summary>Tests the security headers of the pages.</summary>
public sealed class AuthorizationPageHeadersTests
{
    [Theory]
    [InlineData("http://localhost:33418/cb", "form-action 'self' https: http://localhost:33418")]
    [InlineData("http://[::1]:33418/cb", "form-action 'self' https: http:")]
    [InlineData("cursor://anysphere.cursor-mcp/cb", "form-action 'self' https: cursor:")]
    [InlineData("https://claude.ai/api/mcp/auth_callback", "form-action 'self' https:")]
    [InlineData("javascript:alert(1)", "form-action 'self' https:")]
    [InlineData("x; script-src *:/cb", "form-action 'self' https:")]
    [InlineData("http://localhost:1/;script-src *", "form-action 'self' https: http://localhost:1")]
    [InlineData(null, "form-action 'self'")]
    public void Policy_of_a_sign_in_allows_the_style_and_the_redirect_only(string? redirectUri, string formAction)
    {
        var headers = HeadersOf(response => AuthorizationPageHeaders.SetForSignIn(response, redirectUri));

        AssertPolicy(headers, formAction);
    }

    [Fact]
    public void Policy_of_the_connections_allows_only_forms_to_this_server()
    {
        var headers = HeadersOf(AuthorizationPageHeaders.Set);

        AssertPolicy(headers, "form-action 'self'");
        Assert.Equal("same-origin", headers["Cross-Origin-Opener-Policy"]);
    }

    /// <remarks>A web client keeps a reference to the window of the sign-in, in which its callback sends it a message.</remarks>
    [Fact]
    public void Sign_in_in_a_window_of_a_web_client_keeps_the_window_reference() => Assert.Equal(
        "unsafe-none",
        HeadersOf(static response => AuthorizationPageHeaders.SetForSignIn(response, "https://claude.ai/"))["Cross-Origin-Opener-Policy"]);

    [Fact]
    public void Pages_are_not_stored_or_framed_and_send_no_referrer_to_other_sites() => Assert.All(
        (Action<HttpResponse>[])
        [
            AuthorizationPageHeaders.Set,
            static response => AuthorizationPageHeaders.SetForSignIn(response, "https://claude.ai/"),
        ],
        static set =>
        {
            var headers = HeadersOf(set);
            Assert.Equal("no-store", headers.CacheControl);
            Assert.Equal("DENY", headers.XFrameOptions);
            Assert.Equal("nosniff", headers.XContentTypeOptions);
            Assert.Equal("same-origin", headers["Referrer-Policy"]);
            Assert.Equal("same-origin", headers["Cross-Origin-Resource-Policy"]);
            Assert.Contains("geolocation=()", headers["Permissions-Policy"].ToString());
        });

    private static void AssertPolicy(IHeaderDictionary headers, string formAction)
    {
        var style = HtmlText.ContentOf(DonePage.Connected("team-tools"), "style");
        Assert.Equal(
            [
                "default-src 'none'",
                $"style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'",
                "img-src 'self'", "base-uri 'none'", formAction, "frame-ancestors 'none'",
            ],
            Assert.Single(headers.ContentSecurityPolicy)!.Split("; "));
    }

    private static IHeaderDictionary HeadersOf(Action<HttpResponse> set)
    {
        var response = new DefaultHttpContext().Response;
        set(response);
        return response.Headers;
    }
}
