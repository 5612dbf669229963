using Json.Schema;

namespace RemoteMcp.ToolCalls.Schemas;

/// <summary>Represents the options of one evaluation, with the number of references that it may still follow.</summary>
internal sealed class BoundedEvaluation : EvaluationOptions
{
    private const int MaxReferences = 20_000;

    // A recursive schema with alternatives can follow a reference once for each combination of alternatives, instead of for each value.
    private int _references;

    /// <summary>Initializes a new instance.</summary>
    /// <param name="values">The number of values in the arguments, at any depth.</param>
    public BoundedEvaluation(int values)
    {
        RequireFormatValidation = true;
        _references = Math.Min(1000 + (8 * values), MaxReferences);
    }

    public void FollowReference()
    {
        if (--_references < 0)
        {
            throw new EvaluationTooLongException();
        }
    }
}

/// <summary>The exception that is thrown when an evaluation follows too many references.</summary>
internal sealed class EvaluationTooLongException : Exception;
