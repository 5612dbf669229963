using System.Diagnostics.CodeAnalysis;

namespace RemoteMcp.Elicitation;

/// <summary>How the user reacted to a question.</summary>
public enum AnswerKind
{
    /// <summary>The user filled the form in.</summary>
    Accepted,

    /// <summary>The user said no.</summary>
    Declined,

    /// <summary>The user closed the question without a choice.</summary>
    Cancelled,
}

/// <summary>The answer to a form.</summary>
/// <typeparam name="T">The form.</typeparam>
/// <param name="Kind">How the user reacted.</param>
/// <param name="Value">What the user filled in; <see langword="null"/> unless accepted.</param>
public readonly record struct Answer<T>(AnswerKind Kind, T? Value)
    where T : class
{
    /// <summary>Whether there is a <see cref="Value"/>.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsAccepted => Kind == AnswerKind.Accepted && Value is not null;
}
