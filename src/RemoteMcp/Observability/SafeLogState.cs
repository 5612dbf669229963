using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using RemoteMcp.ToolCalls;

namespace RemoteMcp.Observability;

/// <summary>Represents the values and the message of a log entry in which something was encoded, shortened, or counted.</summary>
internal sealed partial class SafeLogState : IReadOnlyList<KeyValuePair<string, object?>>
{
    private const string Template = "{OriginalFormat}";
    private const string OmittedLines = "OmittedLines";

    private readonly IReadOnlyList<KeyValuePair<string, object?>> _values;
    private readonly string _message;

    private SafeLogState(IReadOnlyList<KeyValuePair<string, object?>> values, string message) => (_values, _message) = (values, message);

    public int Count => _values.Count;

    public KeyValuePair<string, object?> this[int index] => _values[index];

    /// <summary>Creates the state of an entry.</summary>
    /// <param name="state">The state that the code logged.</param>
    /// <param name="exception">The exception that the code logged.</param>
    /// <param name="formatter">The function that creates the message.</param>
    /// <param name="text">The maximum lengths.</param>
    /// <param name="omitted">The number of entries that were omitted since the last one; the message reports it.</param>
    /// <returns>The state, or <see langword="null"/> if the entry can be written unchanged.</returns>
    public static SafeLogState? Of<TState>(
        TState state, Exception? exception, Func<TState, Exception?, string> formatter, LogText text, long omitted)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            var message = formatter(state, exception);
            var encoded = SafeText.Line(message, text.MaxMessage);
            return encoded == message && omitted == 0 ? null : Create([], encoded, omitted);
        }

        KeyValuePair<string, object?>[]? changed = null;
        string? template = null;
        for (var i = 0; i < values.Count; i++)
        {
            var (name, value) = values[i];
            var encoded = name == Template ? SafeText.Line(template = value as string ?? "", text.MaxMessage) : text.Encode(name, value);
            if (!Equals(encoded, value))
            {
                changed ??= [.. values];
                changed[i] = new(name, encoded);
            }
        }

        return changed is null && omitted == 0 ? null
            : Create(
                changed ?? values,
                SafeText.Line(
                    template is null || changed is null ? formatter(state, exception) : Render(template, changed), text.MaxMessage),
                omitted);
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => _message;

    private static SafeLogState Create(IReadOnlyList<KeyValuePair<string, object?>> values, string message, long omitted) => omitted == 0
        ? new(values, message)
        : new(
            [.. values, new(OmittedLines, omitted)],
            string.Create(CultureInfo.InvariantCulture, $"{message} ({omitted} more lines of this kind were omitted.)"));

    private static string Render(string template, KeyValuePair<string, object?>[] values) => Placeholder().Replace(template, match =>
    {
        var value = Array.Find(values, each => each.Key == match.Groups["name"].Value).Value;
        return value switch
        {
            null => "(null)",
            IFormattable number => number.ToString(match.Groups["format"].Value, CultureInfo.InvariantCulture),
            string each => each,
            IEnumerable each => string.Join(", ", each.Cast<object?>()),
            _ => value.ToString() ?? "",
        };
    });

    [GeneratedRegex(@"\{(?<name>\w+)(?:,[^}:]*)?(?::(?<format>[^}]*))?\}")]
    private static partial Regex Placeholder();
}
