using RemoteMcp.ToolCalls;

namespace RemoteMcp.Observability;

/// <summary>Determines how much text a log entry contains.</summary>
/// <param name="MaxValue">The maximum length of one value, in characters.</param>
/// <param name="MaxMessage">The maximum length of the message, in characters.</param>
/// <param name="MaxException">The maximum length of the text of an exception with its stack trace, in characters.</param>
/// <param name="MaxExceptionMessage">
/// The maximum length of the message of an exception, in characters; 0 if the entry must contain only its type and stack trace.
/// </param>
/// <param name="IsAllowed">
/// The function that decides by the name of a value whether the entry may contain its text, or <see langword="null"/> for all values.
/// </param>
internal sealed record LogText(
    int MaxValue, int MaxMessage, int MaxException, int MaxExceptionMessage, Func<string, bool>? IsAllowed = null)
{
    private const string Omitted = "(omitted)";

    /// <summary>Gets the lengths for the levels from Information on.</summary>
    public static LogText Lengths { get; } = new(512, 2048, 8192, 512);

    /// <summary>Gets the lengths for Debug and Trace, with which developers read whole messages.</summary>
    public static LogText DebugLengths { get; } = new(16 * 1024, 16 * 1024, 16 * 1024, 16 * 1024);

    /// <summary>Encodes a value.</summary>
    /// <returns>The same object if nothing has to change; otherwise the text.</returns>
    public object? Encode(string name, object? value)
    {
        if (value is null or bool or Enum or Guid or TimeSpan or DateTime or DateTimeOffset || IsNumber(value))
        {
            return value;
        }

        if (IsAllowed?.Invoke(name) == false)
        {
            return Omitted;
        }

        var text = value switch
        {
            string each => each,
            System.Collections.IEnumerable each => string.Join(", ", each.Cast<object?>().Take(MaxValue)),
            _ => value.ToString() ?? "",
        };
        var encoded = SafeText.Line(text, MaxValue);
        return encoded == text ? value : encoded;
    }

    private static bool IsNumber(object value) =>
        value is int or long or double or uint or ulong or short or ushort or byte or float or decimal;
}
