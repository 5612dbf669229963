namespace RemoteMcp.Tools.Advice;

/// <summary>The rule that maps a need to a deployment.</summary>
/// <param name="Need">The need.</param>
/// <param name="Deployment">The deployment that the need calls for: <c>Local</c> or <c>Remote</c>.</param>
/// <param name="IsBinding">
/// Whether only this deployment can meet the need. If not, the rule is a preference, and a binding rule takes precedence over it.
/// </param>
/// <param name="Question">The need as a question to the user.</param>
/// <param name="Why">The reason for the deployment.</param>
/// <param name="TradeOff">The cost of the deployment.</param>
internal sealed record NeedRule(DeploymentNeed Need, Deployment Deployment, bool IsBinding, string Question, string Why, string TradeOff);

/// <summary>The rules for the recommendation, one for each need.</summary>
internal static class NeedTable
{
    /// <summary>Gets all rules, in the order of <see cref="DeploymentNeed"/>. Reasons are listed in this order.</summary>
    public static IReadOnlyList<NeedRule> Rules { get; } =
    [
        new(DeploymentNeed.LocalFiles, Deployment.Local, IsBinding: true,
            "Reads or changes files on the user's own machine",
            "A server elsewhere cannot see the files on this machine.",
            "Everybody installs and updates the server on each machine. If the files belong to the team, put them in shared storage and "
                + "run the server remotely."),
        new(DeploymentNeed.LocalServices, Deployment.Local, IsBinding: true,
            "Uses programs, databases or devices that only the user's machine can reach",
            "Services on this machine or its network cannot be reached from elsewhere. Do not expose them only for a tool.",
            "The server works only where those programs run."),
        new(DeploymentNeed.Offline, Deployment.Local, IsBinding: true,
            "Must work without a network",
            "A remote server needs a network for every call.",
            "Users share nothing. There is no sign-in, no common record of calls, and no common state."),
        new(DeploymentNeed.StaysOnMachine, Deployment.Local, IsBinding: true,
            "Processes data that must not leave the machine",
            "Data that a remote server processes has left the machine. (The result of a tool goes to the client's model, wherever the "
                + "model runs.)",
            "Only the machine itself protects the data: disk encryption, the user's account, and the client's settings."),
        new(DeploymentNeed.Browser, Deployment.Local, IsBinding: true,
            "Controls the user's own browser, with its windows and sign-ins",
            "The browser and its signed-in sessions are on this machine.",
            "The tool can access every site that the user is signed in to. If it does not need these sign-ins, run a headless browser in "
                + "a remote sandbox instead."),
        new(DeploymentNeed.LowLatency, Deployment.Local, IsBinding: false,
            "Makes many small calls, so that users notice each network round trip",
            "A call over stdio does not use the network.",
            "This matters only for hundreds of calls in a row. With a few calls, the model itself takes far longer. Fewer and larger "
                + "calls help a remote server more than a move to the user's machine."),
        new(DeploymentNeed.CloudApi, Deployment.Remote, IsBinding: true,
            "Wraps the API of a cloud service",
            "The API is remote in any case. A server near it signs people in, and is updated in one place.",
            "Somebody must operate the server: deployment, monitoring, and costs."),
        new(DeploymentNeed.Secrets, Deployment.Remote, IsBinding: true,
            "Needs credentials that its users should not have",
            "A secret in a client's configuration file is on every machine, in backups and sometimes in a repository. "
                + "A remote server has a managed identity instead.",
            "Protect the server's identity. Give it only the roles that it needs, and act on behalf of the caller where "
                + "permissions differ."),
        new(DeploymentNeed.Audit, Deployment.Remote, IsBinding: true,
            "Needs a record of who called what",
            "Only a server that everybody uses can keep a complete record. A local server is under its user's control.",
            "The record itself is personal data. Limit how long you keep it."),
        new(DeploymentNeed.Sandbox, Deployment.Remote, IsBinding: true,
            "Runs code that nobody has reviewed",
            "Code that a model wrote should not run with a person's permissions next to that person's files.",
            "Isolation needs a separate service (a container or micro-VM for each session). An MCP server alone does not "
                + "isolate the code."),
        new(DeploymentNeed.SeveralUsers, Deployment.Remote, IsBinding: false,
            "Is for several people",
            "You deploy, update, and authorize one server. Local copies on many machines get different versions.",
            "A failure affects everybody. Run more than one instance, and watch the alerts."),
        new(DeploymentNeed.StaysInRegion, Deployment.Remote, IsBinding: false,
            "Processes data that must not leave a region",
            "A server stays in the region that it is deployed to, but laptops travel.",
            "Choose the region for the server, the storage, and the logs together. Also consider the region of the client's model."),
    ];

    /// <summary>Returns the rule for a need.</summary>
    public static NeedRule Of(DeploymentNeed need) => Rules[(int)need];
}
