using Xunit;

namespace RemoteMcp.EndToEnd.AuthorizationServer;

/// <summary>Tests the pages of the authorization server in a real Chromium.</summary>
public sealed class PagesInBrowserTests(FormVisits visits) : IClassFixture<FormVisits>
{
    [Fact]
    public void Axe_finds_no_violation_in_the_light_or_dark_theme() => Assert.All(visits.Visit.Pages, static page =>
    {
        Assert.Empty(page.Value.Accessibility.Light);
        Assert.Empty(page.Value.Accessibility.Dark);
    });

    [Fact]
    public void Console_is_empty_and_the_pages_load_only_the_icon() => Assert.All(visits.Visit.Pages, static page =>
    {
        Assert.Empty(page.Value.Complaints);
        Assert.All(page.Value.Requests, request => Assert.Contains(request.AbsolutePath, (string[])[page.Key, "/favicon.ico"]));
    });

    [Fact]
    public void Pages_fit_a_monitor_and_a_phone_and_nothing_moves_while_they_load() => Assert.All(visits.Visit.Pages, static page =>
    {
        Assert.Equal(new Dictionary<string, int> { ["1280"] = 0, ["375"] = 0, ["320"] = 0 }, page.Value.SidewaysScroll.ToDictionary());
        Assert.Equal(0, page.Value.LayoutShift);
    });

    /// <remarks>
    /// The origin validation rejects "Origin: null", which browsers send after a page with another referrer policy.
    /// </remarks>
    [Fact]
    public void Each_decision_reaches_the_client_without_JavaScript_and_with_the_origin_of_the_page() =>
        Assert.All((string[])["cancel", "approve", "switch"], decision => Assert.Equal(
            new Uri($"{visits.Callback}?redirect_uri={Uri.EscapeDataString(visits.Callback.AbsoluteUri)}&state=a%2Bb%20c%22%3Cd%3E%26e"
                + $"&decision={decision}&origin={visits.Address.GetLeftPart(UriPartial.Authority)}"),
            visits.Visit.Decisions[decision]));

    [Fact]
    public void Enter_on_the_consent_page_decides_nothing() => Assert.Equal("/oauth/consent Cancel", visits.Visit.AfterEnter);

    [Fact]
    public void Callback_in_a_window_can_send_a_message_to_its_web_client() =>
        Assert.Equal("can reach its client", visits.Visit.InWindow);

    [Fact]
    public void Revoke_all_is_hidden_until_the_user_asks_for_it()
    {
        Assert.False(visits.Visit.RevokeAll.VisibleAtFirst);
        Assert.Equal("csrf=token&action=revoke-all", visits.Visit.RevokeAll.Text);
    }

    [Fact]
    public void Policy_allows_the_redirect_to_the_client_and_to_no_other_program()
    {
        Assert.Equal("remote-mcp-test", visits.Visit.Redirects["app"].Scheme);
        Assert.Equal("[::1]", visits.Visit.Redirects["ipv6"].Host);
        Assert.Equal(new Uri(visits.Address, "/oauth/authorize"), visits.Visit.Redirects["other"]);
    }
}
