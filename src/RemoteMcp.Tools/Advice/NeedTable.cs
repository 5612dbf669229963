namespace RemoteMcp.Tools.Advice;

/// <summary>The rule that maps a need to a deployment.</summary>
/// <param name="Need">The need.</param>
/// <param name="Place">The deployment that the need calls for: <see cref="Deployment.Local"/> or <see cref="Deployment.Remote"/>.</param>
/// <param name="Binds">
/// Whether the need can only be met there. Otherwise the rule is a preference, and a binding rule takes precedence.
/// </param>
/// <param name="Question">The need as a question to the user.</param>
/// <param name="Why">The reason for the deployment.</param>
/// <param name="TradeOff">The cost of the deployment.</param>
internal sealed record NeedRule(DeploymentNeed Need, Deployment Place, bool Binds, string Question, string Why, string TradeOff);

/// <summary>The rules for the recommendation, one for each need.</summary>
internal static class NeedTable
{
    /// <summary>Gets all rules, in the order of <see cref="DeploymentNeed"/>. Reasons are listed in this order.</summary>
    public static IReadOnlyList<NeedRule> Rules { get; } =
    [
        new(DeploymentNeed.LocalFiles, Deployment.Local, Binds: true,
            "Reads or changes files of the user's own machine",
            "A server elsewhere cannot see the files of this machine.",
            "Everybody installs and updates the server on each machine. Where the files are the team's, shared storage would let the server be remote."),
        new(DeploymentNeed.LocalServices, Deployment.Local, Binds: true,
            "Uses programs, databases or devices that only the user's machine reaches",
            "What listens on this machine or its network is not reachable from elsewhere, and should not be made so for a tool.",
            "The server works only where those programs run."),
        new(DeploymentNeed.Offline, Deployment.Local, Binds: true,
            "Has to work without a network",
            "A remote server needs a network at every call.",
            "Nothing is shared: no sign-in, no common record of calls, no common state."),
        new(DeploymentNeed.StaysOnMachine, Deployment.Local, Binds: true,
            "Handles data that may not leave the machine",
            "What a remote server handles has left the machine. (What a tool answers goes to the client's model, wherever that runs.)",
            "The machine's own protection is all there is: disk encryption, the user's account, the client's settings."),
        new(DeploymentNeed.Browser, Deployment.Local, Binds: true,
            "Drives the user's own browser, with its windows and sign-ins",
            "The browser and its signed-in sessions are on this machine.",
            "Whatever the user is signed in to is within the tool's reach. Headless browsing without the user's sign-ins can be a remote sandbox instead."),
        new(DeploymentNeed.LowLatency, Deployment.Local, Binds: false,
            "Makes many small calls, where each network round trip is felt",
            "A call over stdio has no network in it.",
            "It matters for hundreds of calls in a row; for a few, the model's own time is far longer. Fewer, larger calls help a remote server more than moving it."),
        new(DeploymentNeed.CloudApi, Deployment.Remote, Binds: true,
            "Wraps the API of a cloud service",
            "The API is remote in any case: a server beside it signs people in, and is updated in one place.",
            "The server has to be run: deployment, monitoring and its bill."),
        new(DeploymentNeed.Secrets, Deployment.Remote, Binds: true,
            "Needs credentials that its users should not hold",
            "A secret in a client's configuration file is on every machine, in backups and sometimes in a repository. A remote server has a managed identity instead.",
            "The server's identity is worth protecting: give it the smallest roles, and act on behalf of the caller where permissions differ."),
        new(DeploymentNeed.Audit, Deployment.Remote, Binds: true,
            "Needs a record of who called what",
            "Only a server that everybody passes can keep a complete record; a local one is under its user's control.",
            "The record itself is personal data: bound how long it is kept."),
        new(DeploymentNeed.Sandbox, Deployment.Remote, Binds: true,
            "Runs code that nobody has read",
            "Code that a model wrote should not run with a person's rights beside that person's files.",
            "Isolation is a service of its own (a container or micro-VM for each session); an MCP server in front of it is not isolation."),
        new(DeploymentNeed.SeveralUsers, Deployment.Remote, Binds: false,
            "Is for several people",
            "One server is deployed, updated and permitted once; local copies drift apart on every machine.",
            "A failure is everybody's failure: run more than one instance, and look at its alerts."),
        new(DeploymentNeed.StaysInRegion, Deployment.Remote, Binds: false,
            "Handles data that may not leave a region",
            "A server is deployed to a region and stays there; laptops travel.",
            "Region, storage and logs have to be chosen together, and the client's model counts too."),
    ];

    /// <summary>Returns the rule for a need.</summary>
    public static NeedRule Of(DeploymentNeed need) => Rules[(int)need];
}
