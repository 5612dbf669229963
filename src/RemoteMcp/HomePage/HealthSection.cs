using Microsoft.Extensions.Diagnostics.HealthChecks;
using RemoteMcp.Web;

namespace RemoteMcp.HomePage;

/// <summary>Renders the health of the server. It shows only the result of <c>/readyz</c>.</summary>
internal static class HealthSection
{
    /// <summary>Returns a badge with the result.</summary>
    public static Markup Badge(HealthReport health) => IsReady(health)
        ? Markup.Of($"""<p class="badge good">Ready</p>""")
        : Markup.Of($"""<p class="badge bad">Not ready</p>""");

    /// <summary>Returns a section with the result and the state of each dependency.</summary>
    public static Markup Render(HealthReport health) => Markup.Of($"""
        <section aria-labelledby="health">
        <h2 id="health">Health</h2>
        <p>{(IsReady(health)
            ? "The server and its dependencies respond."
            : "The server responds, but at least one of its dependencies does not. Calls may fail. Try again in a moment.")}</p>
        <ul class="checks">
        {health.Entries.OrderBy(static entry => entry.Key, StringComparer.Ordinal).Select(Check)}
        </ul>
        </section>
        """);

    private static Markup Check(KeyValuePair<string, HealthReportEntry> entry) => Markup.Of($"""
        <li>{DisplayName(entry.Key)}: <strong class="{(entry.Value.Status == HealthStatus.Healthy
            ? "good"
            : "bad")}">{entry.Value.Status.ToString()}</strong></li>
        """);

    private static string DisplayName(string check) => check switch
    {
        "state" => "State storage",
        "identity" => "Sign-in service",
        _ => check,
    };

    private static bool IsReady(HealthReport health) => health.Status == HealthStatus.Healthy;
}
