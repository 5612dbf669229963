using System.Text;
using RemoteMcp.ToolCalls;

namespace RemoteMcp.Observability;

/// <summary>
/// Represents an exception in the log whose own text is not safe: the messages are encoded and shortened, or removed. The types and the
/// stack traces stay.
/// </summary>
internal sealed class LoggedException : Exception
{
    // Deeper exceptions add nothing that helps to find the cause.
    private const int MaxDepth = 8;

    private readonly string _text;

    private LoggedException(string message, string text, string? stackTrace)
        : base(message) => (_text, StackTrace) = (text, stackTrace);

    public override string? StackTrace { get; }

    /// <summary>Returns an exception for the log.</summary>
    /// <param name="exception">The exception that the code logged.</param>
    /// <param name="lengths">The maximum lengths.</param>
    /// <returns>The same exception if all its text is safe.</returns>
    public static Exception Of(Exception exception, LogText lengths)
    {
        if (lengths.MaxExceptionMessage > 0 && IsSafe(exception, lengths))
        {
            return exception;
        }

        var text = new StringBuilder();
        Append(text, exception, lengths, depth: 1);
        return new LoggedException(
            Describe(exception, lengths), SafeText.Truncate(text.ToString(), lengths.MaxException), exception.StackTrace);
    }

    public override string ToString() => _text;

    private static bool IsSafe(Exception exception, LogText lengths)
    {
        // The text of some exceptions contains more than messages, for example the headers of a response.
        var text = exception.ToString();
        var isSafe = text.Length <= lengths.MaxException
            && text.Split('\n').All(line => line.TrimEnd('\r') is var each && SafeText.Line(each, int.MaxValue) == each);
        for (var each = exception; each is not null && isSafe; each = each.InnerException)
        {
            isSafe = SafeText.Line(each.Message, lengths.MaxExceptionMessage) == each.Message;
        }

        return isSafe;
    }

    // The format is the one of .NET.
    private static void Append(StringBuilder text, Exception exception, LogText lengths, int depth)
    {
        text.Append(Describe(exception, lengths));
        if (exception.InnerException is { } inner && depth < MaxDepth && text.Length < lengths.MaxException)
        {
            text.Append("\n ---> ");
            Append(text, inner, lengths, depth + 1);
            text.Append("\n   --- End of inner exception stack trace ---");
        }

        if (exception.StackTrace is { } stackTrace)
        {
            text.Append('\n').Append(stackTrace);
        }
    }

    private static string Describe(Exception exception, LogText lengths) => lengths.MaxExceptionMessage == 0
        ? exception.GetType().ToString()
        : $"{exception.GetType()}: {SafeText.Line(exception.Message, lengths.MaxExceptionMessage)}";
}
