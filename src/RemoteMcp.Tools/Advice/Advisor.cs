namespace RemoteMcp.Tools.Advice;

/// <summary>
/// Recommends a local, remote, or hybrid deployment. Needs with a binding rule decide. If some of them require local and others require
/// remote, the result is hybrid. If no rule is binding, a preference for remote takes precedence over a preference for local. The same
/// inputs always produce the same result, in any order.
/// </summary>
internal static class Advisor
{
    private static readonly (DeploymentNeed First, DeploymentNeed Second, string Text)[] s_conflicts =
    [
        (DeploymentNeed.Offline, DeploymentNeed.CloudApi, "A cloud API cannot be reached offline. Let the local server work on a copy, "
            + "and update the copy through the remote server when a network is available."),
        (DeploymentNeed.Offline, DeploymentNeed.Secrets, "Without a network, secrets must be stored on the machine. Only tools that need "
            + "no secrets can work offline."),
        (DeploymentNeed.Offline, DeploymentNeed.Audit, "Offline calls are recorded later or not at all. Decide which tools can run "
            + "without a record."),
        (DeploymentNeed.StaysOnMachine, DeploymentNeed.CloudApi, "Data that stays on the machine cannot be sent to a cloud API. Divide "
            + "the tools by the data that they use."),
        (DeploymentNeed.StaysOnMachine, DeploymentNeed.SeveralUsers, "Data that stays on one machine is not shared. Each person's server "
            + "sees only that person's data."),
        (DeploymentNeed.StaysOnMachine, DeploymentNeed.Audit, "A record that is stored elsewhere must not contain the data. Record names "
            + "and times, not arguments."),
        (DeploymentNeed.StaysOnMachine, DeploymentNeed.StaysInRegion, "Data on the machine is in the region where the machine is. The "
            + "stricter rule is met only if the machine does not travel."),
        (DeploymentNeed.LocalFiles, DeploymentNeed.Sandbox, "A sandbox cannot access the files on this machine. Give it copies of the "
            + "files that it may see."),
    ];

    /// <summary>Recommends a deployment.</summary>
    /// <param name="needs">The needs of the tool, in any order. Duplicates are ignored.</param>
    /// <param name="useCases">The use cases. Their needs are added.</param>
    /// <exception cref="ArgumentException">There is neither a need nor a use case.</exception>
    public static Recommendation Recommend(IEnumerable<DeploymentNeed> needs, IEnumerable<UseCase> useCases)
    {
        UseCase[] cases = [.. UseCaseTable.All.Intersect(useCases)];
        HashSet<DeploymentNeed> given = [.. needs];
        NeedRule[] rules = [.. NeedTable.Rules.Where(
            rule => given.Contains(rule.Need) || cases.Any(useCase => useCase.Needs.Contains(rule.Need)))];
        if (rules.Length == 0)
        {
            throw new ArgumentException("At least one need or use case is required.", nameof(needs));
        }

        var deployment = Decide(rules);
        return new(
            deployment,
            Summarize(deployment, rules),
            [.. rules.Select(rule =>
                new AdviceReason(rule.Need, IsDecisive(rule, deployment, rules), rule.Deployment, rule.Why)
                {
                    From = given.Contains(rule.Need) ? null : Sources(rule, cases),
                })],
            [.. rules.Where(rule => IsFollowed(rule, deployment)).Select(rule => rule.TradeOff)],
            [.. s_conflicts
                .Where(conflict => Has(rules, conflict.First) && Has(rules, conflict.Second))
                .Select(conflict => conflict.Text)],
            [.. cases.Select(useCase => $"{useCase.Title}: {useCase.Note}")],
            NextSteps.For(deployment));
    }

    private static Deployment Decide(NeedRule[] rules)
    {
        var requiresLocal = rules.Any(rule => rule is { IsBinding: true, Deployment: Deployment.Local });
        var requiresRemote = rules.Any(rule => rule is { IsBinding: true, Deployment: Deployment.Remote });
        return (requiresLocal, requiresRemote) switch
        {
            (true, true) => Deployment.Hybrid,
            (true, false) => Deployment.Local,
            (false, true) => Deployment.Remote,
            _ => rules.Any(rule => rule.Deployment == Deployment.Remote) ? Deployment.Remote : Deployment.Local,
        };
    }

    /// <summary>Returns whether the recommendation follows a rule. A hybrid deployment follows exactly the binding rules.</summary>
    private static bool IsFollowed(NeedRule rule, Deployment deployment) =>
        deployment == Deployment.Hybrid ? rule.IsBinding : rule.Deployment == deployment;

    private static bool IsDecisive(NeedRule rule, Deployment deployment, NeedRule[] rules) =>
        IsFollowed(rule, deployment) && (rule.IsBinding || !rules.Any(other => other.IsBinding));

    private static bool Has(NeedRule[] rules, DeploymentNeed need) => rules.Any(rule => rule.Need == need);

    private static string[] Sources(NeedRule rule, UseCase[] cases) =>
        [.. cases.Where(useCase => useCase.Needs.Contains(rule.Need)).Select(useCase => useCase.Id)];

    private static string Summarize(Deployment deployment, NeedRule[] rules)
    {
        string DecisiveNeeds(Deployment place) => string.Join(
            ", ",
            rules.Where(rule => rule.Deployment == place && IsDecisive(rule, deployment, rules)).Select(rule => NeedNames.Of(rule.Need)));
        return deployment switch
        {
            Deployment.Local => $"Run it locally, over stdio on each user's machine. Reason: {DecisiveNeeds(Deployment.Local)}.",
            Deployment.Remote => $"Run it remotely, as one server that everybody uses by URL. Reason: {DecisiveNeeds(Deployment.Remote)}.",
            _ => $"Run two servers. Tools that need {DecisiveNeeds(Deployment.Local)} run on the machine, and tools that need "
                + $"{DecisiveNeeds(Deployment.Remote)} run remotely. Clients use both servers at the same time.",
        };
    }
}
