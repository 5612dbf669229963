using System.Globalization;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.ToolCalls;
using RemoteMcp.Web;

namespace RemoteMcp.HomePage;

/// <summary>
/// Renders the list of tools. The list has a maximum length, because names and descriptions of tools can have any length.
/// </summary>
internal static class ToolSection
{
    private const int MaxNameLength = 128;
    private const int MaxDescriptionLength = 600;
    private const int MaxInstructionsLength = 1200;
    private const int MaxListLength = 40 * 1024;

    public static Markup Render(McpServerOptions mcp, bool isShown) => Markup.Of($"""
        <section aria-labelledby="tools">
        <h2 id="tools">Tools</h2>
        {(isShown ? Shown(mcp) : Hidden())}
        </section>
        """);

    private static Markup Hidden() => Markup.Of($"""
        <p>You must sign in to see the tools. Your client lists them after it connects.</p>
        """);

    private static Markup Shown(McpServerOptions mcp)
    {
        var shown = new List<Markup>();
        var (length, omitted) = (0, 0);
        var tools = (mcp.ToolCollection ?? [])
            .Select(static tool => tool.ProtocolTool)
            .OrderBy(static tool => tool.Name, StringComparer.Ordinal);
        foreach (var tool in tools)
        {
            var item = Tool(tool);
            length += item.Length;
            if (length <= MaxListLength)
            {
                shown.Add(item);
            }
            else
            {
                omitted++;
            }
        }

        return Markup.Of($"""
            {Instructions(mcp.ServerInstructions)}
            <ul class="tools">
            {shown}
            </ul>
            {Remainder(shown.Count, omitted)}
            """);
    }

    private static Markup Instructions(string? instructions) => string.IsNullOrWhiteSpace(instructions)
        ? default
        : Markup.Of($"""<p class="prose" dir="auto">{Cut(instructions, MaxInstructionsLength)}</p>""");

    // The text of a tool can be right-to-left or contain characters that change the direction. The dir attribute limits the effect to the
    // element.
    private static Markup Tool(Tool tool) => Markup.Of($"""
        <li>
        <div class="row"><h3 dir="auto"><code>{Cut(tool.Name, MaxNameLength)}</code>{Title(tool.Title)}</h3>{Effect(tool.Annotations)}</div>
        <p class="prose" dir="auto">{Cut(tool.Description, MaxDescriptionLength)}</p>
        </li>
        """);

    private static Markup Title(string? title) =>
        string.IsNullOrWhiteSpace(title) ? default : Markup.Of($"""<span class="title" dir="auto">{Cut(title, MaxNameLength)}</span>""");

    private static Markup Effect(ToolAnnotations? hints) => hints switch
    {
        { ReadOnlyHint: true } => Markup.Of($"""<span class="badge">Read-only</span>"""),
        { DestructiveHint: true } => Markup.Of($"""<span class="badge bad">Can change or delete</span>"""),
        _ => default,
    };

    private static Markup Remainder(int shown, int omitted) => (shown, omitted) switch
    {
        (0, 0) => Markup.Of($"<p>This server has no tools yet.</p>"),
        (_, > 0) => Markup.Of(
            $"<p>And {omitted.ToString("N0", CultureInfo.InvariantCulture)} more. Your client lists all tools after it connects.</p>"),
        _ => default,
    };

    private static string? Cut(string? text, int length) => text is null ? null : SafeText.Truncate(text, length);
}
