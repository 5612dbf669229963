using RemoteMcp.Clients;
using Xunit;

namespace RemoteMcp.EndToEnd.HomePage;

/// <summary>Tests the web page in a real Chromium.</summary>
public sealed class HomePageInBrowserTests(BrowserVisits visits) : IClassFixture<BrowserVisits>
{
    [Fact]
    public void Axe_finds_no_violation_in_the_light_or_dark_theme()
    {
        Assert.All((BrowserVisit[])[visits.Plain, visits.Hostile], visit =>
        {
            Assert.Empty(visit.Accessibility.Light);
            Assert.Empty(visit.Accessibility.Dark);
        });
    }

    [Fact]
    public void Console_is_empty_and_the_page_loads_nothing_from_other_servers()
    {
        Assert.All((BrowserVisit[])[visits.Plain, visits.Hostile], visit =>
        {
            Assert.Empty(visit.Complaints);
            Assert.All(visit.Requests, static request => Assert.Contains(request.AbsolutePath, (string[])["/", "/favicon.ico"]));
        });
    }

    [Fact]
    public void Page_fits_a_monitor_a_phone_and_a_zoomed_in_window() =>
        Assert.All((BrowserVisit[])[visits.Plain, visits.Hostile], visit => Assert.Equal(
            new Dictionary<string, int> { ["1280"] = 0, ["375"] = 0, ["320"] = 0 }, visit.SidewaysScroll.ToDictionary()));

    /// <remarks>WAI-ARIA Authoring Practices, Tabs: the arrow keys wrap around, and the Tab key reaches only the selected tab.</remarks>
    [Fact]
    public void Keyboard_moves_through_the_tabs()
    {
        Assert.Equal(
            [
                "ArrowRight: Claude Code", "ArrowRight: Claude Desktop", "End: MCP Inspector",
                "ArrowRight: VS Code", "ArrowLeft: MCP Inspector", "Home: VS Code",
            ],
            visits.Plain.Keys.Select(static step => $"{step.Key}: {step.Focused}"));
        Assert.All(visits.Plain.Keys, static step =>
        {
            Assert.Equal([step.Focused!], step.Tabs);
            Assert.Equal([step.Focused!], step.InTabOrder);
            Assert.Equal([ClientCatalog.All.Single(client => client.DisplayName == step.Focused).Id], step.Panels);
        });
    }

    [Fact]
    public void Link_opens_a_tab() => Assert.Equal(["cursor"], visits.Plain.FromHash.Panels);

    [Fact]
    public void Buttons_copy_the_exact_text_to_the_clipboard()
    {
        AssertCopies(visits.Plain, new HttpServerEntry("remote-mcp", visits.Endpoint));
        AssertCopies(visits.Hostile, new HttpServerEntry(BrowserVisits.HostileName, visits.HostileEndpoint));
    }

    [Fact]
    public void Page_without_JavaScript_shows_every_client_and_no_unusable_control() =>
        Assert.All((BrowserVisit[])[visits.Plain, visits.Hostile], static visit =>
        {
            Assert.Equal(ClientCatalog.All.Select(static client => client.Id), visit.WithoutScript.Sections);
            Assert.Equal(0, visit.WithoutScript.Controls);
        });

    private static void AssertCopies(BrowserVisit visit, HttpServerEntry entry)
    {
        var expected = new Dictionary<string, string> { ["endpoint-url"] = entry.Url.AbsoluteUri };
        foreach (var client in ClientCatalog.All)
        {
            expected[$"{client.Id}-configuration"] = client.Snippet(entry);
            if (client.CommandLine(entry) is { } command)
            {
                expected[$"{client.Id}-command"] = command;
            }
        }

        Assert.Equal(expected, visit.Copies.ToDictionary(static copy => copy.Key, static copy => copy.Value.Text));
        Assert.All(visit.Copies.Values, static copy => Assert.Equal("Copied.", copy.Said));
    }
}
