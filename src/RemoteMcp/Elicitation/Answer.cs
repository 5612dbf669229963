using System.Diagnostics.CodeAnalysis;

namespace RemoteMcp.Elicitation;

/// <summary>Specifies how the user responded to a question.</summary>
public enum AnswerKind
{
    /// <summary>The user filled in the form.</summary>
    Accepted,

    /// <summary>The user declined.</summary>
    Declined,

    /// <summary>The user closed the question and did not choose.</summary>
    Cancelled,
}

/// <summary>The answer to a form.</summary>
/// <typeparam name="T">The type of the form.</typeparam>
/// <param name="Kind">The user's response.</param>
/// <param name="Value">The form with the user's values, or <see langword="null"/> if the user did not accept.</param>
public readonly record struct Answer<T>(AnswerKind Kind, T? Value)
    where T : class
{
    /// <summary>Gets whether the user accepted and there is a <see cref="Value"/>.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsAccepted => Kind == AnswerKind.Accepted && Value is not null;
}
