using System.Text;
using System.Text.Encodings.Web;

namespace RemoteMcp.Web;

/// <summary>
/// Represents a fragment of HTML, which is written as an interpolated string. The literal parts of the string are markup. The interpolated
/// values are text: they are encoded, so that they can never become markup. Use interpolated values only in the content of elements and in
/// attribute values within double quotes.
/// </summary>
internal readonly struct Markup
{
    private readonly string? _html;

    private Markup(string html) => _html = html;

    /// <summary>Gets the length in characters.</summary>
    public int Length => _html?.Length ?? 0;

    /// <summary>Returns the markup of an interpolated string.</summary>
    public static Markup Of(MarkupInterpolation html) => new(html.ToString());

    /// <summary>
    /// Returns a style sheet or a script of this project without encoding, because HTML does not decode text in these elements.
    /// </summary>
    public static Markup Verbatim(PageAsset asset) => new(asset.Text);

    /// <inheritdoc/>
    public override string ToString() => _html ?? "";
}

/// <summary>Represents the handler that the compiler uses for an interpolated string of <see cref="Markup"/>.</summary>
[System.Runtime.CompilerServices.InterpolatedStringHandler]
internal readonly struct MarkupInterpolation(int literalLength, int formattedCount)
{
    private const int EstimatedValueLength = 32;

    private readonly StringBuilder _html = new(literalLength + (formattedCount * EstimatedValueLength));

    public void AppendLiteral(string markup) => _html.Append(markup);

    public void AppendFormatted(string? text) => _html.Append(HtmlEncoder.Default.Encode(text ?? ""));

    public void AppendFormatted(Markup markup) => _html.Append(markup.ToString());

    public void AppendFormatted(IEnumerable<Markup> markups) => _html.AppendJoin('\n', markups);

    public override string ToString() => _html.ToString();
}
