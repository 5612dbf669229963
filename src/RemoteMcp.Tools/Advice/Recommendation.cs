using System.ComponentModel;

namespace RemoteMcp.Tools.Advice;

/// <summary>The reason that results from one need.</summary>
internal sealed record AdviceReason(
    [property: Description("The need that it is about.")] DeploymentNeed Need,
    [property: Description("Whether this input decided; the others are preferences that yielded or agree.")] bool Decisive,
    [property: Description("Where it points to: local or remote.")] Deployment PointsTo,
    [property: Description("Why it points there.")] string Why)
{
    /// <summary>Gets the use cases that the need comes from.</summary>
    [Description("The use cases that brought the need, when it was not given by itself.")]
    public IReadOnlyList<string>? From { get; init; }
}

/// <summary>A next step.</summary>
internal sealed record AdviceStep(
    [property: Description("What it does.")] string What,
    [property: Description("The command to run.")] string Command);

/// <summary>The recommended deployment of a server, with the reasons.</summary>
internal sealed record Recommendation(
    [property: Description("Where the server should run: local (each user's machine, stdio), remote (one server by URL), or hybrid (two servers, each with its part).")]
    Deployment Deployment,
    [property: Description("The decision in a sentence.")] string Summary,
    [property: Description("What each input said, in a fixed order.")] IReadOnlyList<AdviceReason> Reasons,
    [property: Description("What the decision costs.")] IReadOnlyList<string> TradeOffs,
    [property: Description("Inputs that cannot all be met by one tool, and how to part them.")] IReadOnlyList<string> Conflicts,
    [property: Description("What to know about the use cases that were given.")] IReadOnlyList<string> Notes,
    [property: Description("The next commands.")] IReadOnlyList<AdviceStep> NextSteps);
