using RemoteMcp.AuthorizationServer.Pages;
using RemoteMcp.Tests.HomePage;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer.Pages;

/// <summary>Tests the pages at which a sign-in ends.</summary>
public sealed class ErrorPageTests
{
    private static readonly ErrorView s_error = new(
        "team-tools", "The sign-in took too long", "It must end within 10 minutes.", "Start again in your client.", "AADSTS50105", null);

    [Fact]
    public void Page_says_what_failed_why_and_what_to_do() => Assert.Equal(
        "team-tools The sign-in took too long It must end within 10 minutes. Start again in your client. Reference: AADSTS50105",
        PageText.Of(ErrorPage.Render(s_error)));

    [Fact]
    public void Page_without_optional_parts_has_only_the_explanation() => Assert.Equal(
        "team-tools The sign-in took too long It must end within 10 minutes.",
        PageText.Of(ErrorPage.Render(s_error with { NextStep = null, Reference = null })));

    [Theory]
    [InlineData("/oauth/connections")]
    [InlineData("https://contoso.com/help?a=b&c=d")]
    [InlineData("http://localhost:33418/cb?error=access_denied")]
    public void Link_leads_to_a_path_or_a_web_page(string url)
    {
        var html = ErrorPage.Render(s_error with { Continue = new("Continue", url) });

        Assert.Equal([url], HtmlText.Attributes(html, "href").Skip(1));
        Assert.Contains("Continue", PageText.Of(html));
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("\tjavascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("cursor://x")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("connections")]
    [InlineData("")]
    public void Other_links_are_not_shown(string url) =>
        Assert.Single(HtmlText.Attributes(ErrorPage.Render(s_error with { Continue = new("Continue", url) }), "href"));

    [Fact]
    public void Done_pages_say_what_happened_and_what_to_do()
    {
        Assert.Equal(
            "team-tools You are connected You can close this window and continue in your client.",
            PageText.Of(DonePage.Connected("team-tools")));
        Assert.StartsWith("team-tools You are signed out Your clients are still connected.", PageText.Of(DonePage.SignedOut("team-tools")));
    }
}
