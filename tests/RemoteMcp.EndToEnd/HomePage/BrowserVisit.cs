using System.Text.Json;

namespace RemoteMcp.EndToEnd.HomePage;

/// <summary>What tests/clients/browse.mjs saw on a page.</summary>
/// <param name="Requests">Every URL that the page made the browser ask for.</param>
/// <param name="Complaints">What stands on the console, violations of the page's policy among it.</param>
/// <param name="Accessibility">What axe-core finds, in light and in dark, on every tab.</param>
/// <param name="SidewaysScroll">By the window's width in pixels, how far the page is wider.</param>
/// <param name="Keys">The tabs after each key.</param>
/// <param name="Copies">By the id of what was to be copied, what is on the clipboard.</param>
/// <param name="FromHash">The tabs after a visit to <c>#cursor</c>.</param>
/// <param name="WithoutScript">The page in a browser without JavaScript.</param>
internal sealed record BrowserVisit(
    IReadOnlyList<Uri> Requests,
    IReadOnlyList<string> Complaints,
    AccessibilityFindings Accessibility,
    IReadOnlyDictionary<string, int> SidewaysScroll,
    IReadOnlyList<TabState> Keys,
    IReadOnlyDictionary<string, CopiedText> Copies,
    TabState FromHash,
    ScriptlessPage WithoutScript)
{
    public static BrowserVisit Parse(string json) => JsonSerializer.Deserialize<BrowserVisit>(json, JsonSerializerOptions.Web)!;
}

/// <summary>The rules that are broken, with the elements that break them.</summary>
internal sealed record AccessibilityFindings(IReadOnlyList<string> Light, IReadOnlyList<string> Dark);

/// <summary>Which tabs are selected, which panels are seen, and which tabs the Tab key reaches.</summary>
internal sealed record TabState(string? Key, IReadOnlyList<string> Tabs, IReadOnlyList<string> Panels, IReadOnlyList<string> InTabOrder, string? Focused);

/// <summary>What a screen reader was told, and the text on the clipboard.</summary>
internal sealed record CopiedText(string Said, string Text);

/// <summary>The clients whose configuration is seen, and how many buttons and tabs, which do nothing there.</summary>
internal sealed record ScriptlessPage(IReadOnlyList<string> Sections, int Controls);
