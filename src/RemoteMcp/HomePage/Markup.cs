using System.Text;
using System.Text.Encodings.Web;

namespace RemoteMcp.HomePage;

/// <summary>
/// A piece of HTML. It is written as an interpolated string: what stands outside of the holes is markup, and what stands in a hole is
/// text, which can never become markup. Holes may stand in the content of elements and in attribute values within double quotes, and
/// nowhere else.
/// </summary>
internal readonly struct Markup
{
    private readonly string? _html;

    private Markup(string html) => _html = html;

    /// <summary>The length in characters.</summary>
    public int Length => _html?.Length ?? 0;

    /// <summary>The markup that is written here.</summary>
    public static Markup Of(MarkupInterpolation html) => new(html.ToString());

    /// <summary>Takes a style sheet or a script of our own as it is: in these elements nothing is encoded.</summary>
    public static Markup Verbatim(PageAsset asset) => new(asset.Text);

    /// <inheritdoc/>
    public override string ToString() => _html ?? "";
}

/// <summary>What the compiler makes of an interpolated string that is <see cref="Markup"/>.</summary>
[System.Runtime.CompilerServices.InterpolatedStringHandler]
internal readonly struct MarkupInterpolation(int literalLength, int formattedCount)
{
    private const int GuessedHoleLength = 32;

    private readonly StringBuilder _html = new(literalLength + (formattedCount * GuessedHoleLength));

    public void AppendLiteral(string markup) => _html.Append(markup);

    public void AppendFormatted(string? text) => _html.Append(HtmlEncoder.Default.Encode(text ?? ""));

    public void AppendFormatted(Markup markup) => _html.Append(markup.ToString());

    public void AppendFormatted(IEnumerable<Markup> markups) => _html.AppendJoin('\n', markups);

    public override string ToString() => _html.ToString();
}
