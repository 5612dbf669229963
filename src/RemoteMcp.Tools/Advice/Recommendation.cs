using System.ComponentModel;

namespace RemoteMcp.Tools.Advice;

/// <summary>The reason that results from one need.</summary>
internal sealed record AdviceReason(
    [property: Description("The need.")] DeploymentNeed Need,
    [property: Description("Whether this need was decisive. All other needs are preferences, which agree with the decision or "
        + "were outweighed.")] bool Decisive,
    [property: Description("The deployment that the need calls for: local or remote.")] Deployment PointsTo,
    [property: Description("The reason.")] string Why)
{
    /// <summary>Gets the use cases that the need comes from.</summary>
    [Description("The use cases that the need comes from. Absent if the caller specified the need itself.")]
    public IReadOnlyList<string>? From { get; init; }
}

/// <summary>A next step.</summary>
internal sealed record AdviceStep(
    [property: Description("What the command does.")] string What,
    [property: Description("The command to run.")] string Command);

/// <summary>The recommended deployment of a server, with the reasons.</summary>
internal sealed record Recommendation(
    [property: Description("Where the server should run: local (each user's machine, stdio), remote (one server by URL), or hybrid (two "
        + "servers, each with a part of the tools).")]
    Deployment Deployment,
    [property: Description("A summary of the decision.")] string Summary,
    [property: Description("The reason from each need, in a fixed order.")] IReadOnlyList<AdviceReason> Reasons,
    [property: Description("The trade-offs of the decision.")] IReadOnlyList<string> TradeOffs,
    [property: Description("Needs that one tool cannot meet together, and how to divide the tools.")] IReadOnlyList<string> Conflicts,
    [property: Description("Notes about the specified use cases.")] IReadOnlyList<string> Notes,
    [property: Description("The next commands.")] IReadOnlyList<AdviceStep> NextSteps);
