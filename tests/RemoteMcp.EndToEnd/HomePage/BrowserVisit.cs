using System.Text.Json;

namespace RemoteMcp.EndToEnd.HomePage;

/// <summary>The observations of tests/clients/browse.mjs on a page.</summary>
/// <param name="Requests">The URLs of all requests that the page caused.</param>
/// <param name="Complaints">The console messages, including violations of the content security policy.</param>
/// <param name="Accessibility">The findings of axe-core on every tab, in the light and the dark theme.</param>
/// <param name="SidewaysScroll">For each window width in pixels, the number of pixels by which the page is wider.</param>
/// <param name="Keys">The state of the tabs after each key.</param>
/// <param name="Copies">For each copy button, by the ID of its source element, the copied text.</param>
/// <param name="FromHash">The state of the tabs after a visit to <c>#cursor</c>.</param>
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

/// <summary>The rules that the page violates, with the elements that violate them.</summary>
internal sealed record AccessibilityFindings(IReadOnlyList<string> Light, IReadOnlyList<string> Dark);

/// <summary>The selected tabs, the visible panels, and the tabs that the Tab key reaches.</summary>
internal sealed record TabState(
    string? Key, IReadOnlyList<string> Tabs, IReadOnlyList<string> Panels, IReadOnlyList<string> InTabOrder, string? Focused);

/// <summary>The announcement for screen readers, and the text on the clipboard.</summary>
internal sealed record CopiedText(string Said, string Text);

/// <summary>
/// The clients whose configuration is visible, and the number of visible buttons and tabs, which do not work without JavaScript.
/// </summary>
internal sealed record ScriptlessPage(IReadOnlyList<string> Sections, int Controls);
