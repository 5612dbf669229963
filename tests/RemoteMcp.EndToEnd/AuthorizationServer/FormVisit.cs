using System.Text.Json;
using RemoteMcp.EndToEnd.HomePage;

namespace RemoteMcp.EndToEnd.AuthorizationServer;

/// <summary>The observations of tests/clients/browse-forms.mjs.</summary>
/// <param name="Pages">Each page, by its path.</param>
/// <param name="Decisions">For each decision on the consent page, without JavaScript, the URL at which the browser arrives.</param>
/// <param name="AfterEnter">The path after Enter on the consent page, and the text of the first control that the Tab key reaches.</param>
/// <param name="InWindow">The title of the callback after a sign-in in a window of a web client.</param>
/// <param name="RevokeAll">The use of the button that revokes all connections, without JavaScript.</param>
/// <param name="Redirects">For each kind of redirect to a client that does not exist, the URL that the browser cannot open.</param>
internal sealed record FormVisit(
    IReadOnlyDictionary<string, PageVisit> Pages,
    IReadOnlyDictionary<string, Uri> Decisions,
    string AfterEnter,
    string InWindow,
    ConfirmedAction RevokeAll,
    IReadOnlyDictionary<string, Uri> Redirects)
{
    public static FormVisit Parse(string json) => JsonSerializer.Deserialize<FormVisit>(json, JsonSerializerOptions.Web)!;
}

/// <summary>The observations on one page.</summary>
/// <param name="Requests">The URLs of all requests that the page caused.</param>
/// <param name="Complaints">The console messages, including violations of the content security policy.</param>
/// <param name="Accessibility">The findings of axe-core in the light and the dark theme.</param>
/// <param name="SidewaysScroll">For each window width in pixels, the number of pixels by which the page is wider.</param>
/// <param name="LayoutShift">The layout shift while the page loads.</param>
internal sealed record PageVisit(
    IReadOnlyList<Uri> Requests,
    IReadOnlyList<string> Complaints,
    AccessibilityFindings Accessibility,
    IReadOnlyDictionary<string, int> SidewaysScroll,
    double LayoutShift);

/// <summary>Whether the button was visible before the first step, and the text of the page after the second.</summary>
internal sealed record ConfirmedAction(bool VisibleAtFirst, string Text);
