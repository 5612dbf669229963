using RemoteMcp.Tools.Advice;

namespace RemoteMcp.Cli.Migration;

/// <summary>Describes whether a local server could be remote, and why.</summary>
/// <param name="Advice">The recommendation, or null if the entry gives no information to decide from.</param>
/// <param name="IsKnown">A value that indicates whether the server's program was recognized.</param>
/// <param name="Hints">The reasons in the entry, other than the program's name.</param>
/// <param name="HostedUrl">The URL of the remote server that the program's vendor hosts, or null if there is none.</param>
internal sealed record Assessment(Recommendation? Advice, bool IsKnown, IReadOnlyList<string> Hints, string? HostedUrl)
{
    private static readonly string[] s_localHosts = ["localhost", "127.0.0.1", "[::1]", "host.docker.internal"];

    /// <summary>
    /// Gets a value that indicates whether the whole server could be remote. The value is true only for recognized programs.
    /// </summary>
    public bool IsRemoteCandidate => IsKnown && Advice?.Deployment == Deployment.Remote;

    /// <summary>Assesses a local server.</summary>
    public static Assessment Of(ConfiguredServer server)
    {
        var launch = server.Launch!;
        var known = KnownPrograms.Find(launch.Program);
        var needs = new HashSet<DeploymentNeed>(known?.Needs ?? []);
        var useCase = known?.UseCase;
        var hints = new List<string>();
        if (launch.MountsFiles || launch.ProgramArguments.Any(SecretText.IsLocalPath))
        {
            needs.Add(DeploymentNeed.LocalFiles);
            hints.Add("its arguments name files or folders on this machine");
        }

        if ((useCase is null or "cloud-database") && PointsToThisMachine(server))
        {
            useCase = useCase is null ? null : "local-database";
            needs.Add(DeploymentNeed.LocalServices);
            hints.Add("its settings point to this machine (localhost)");
        }

        var mustBeLocal = needs.Any(need => NeedTable.Of(need) is { IsBinding: true, Deployment: Deployment.Local });
        if (useCase is not ("filesystem" or "local-git" or "local-database" or "browser-automation") && !mustBeLocal && HasSecrets(server))
        {
            needs.Add(DeploymentNeed.Secrets);
            hints.Add("it needs a secret, which is stored on this machine");
        }

        UseCase[] cases = useCase is null ? [] : [.. UseCaseTable.All.Where(each => each.Id == useCase)];
        return new(needs.Count + cases.Length == 0 ? null : Advisor.Recommend(needs, cases), known is not null, hints, known?.HostedUrl);
    }

    private static bool HasSecrets(ConfiguredServer server) =>
        server.Environment.Any(SecretText.IsSecretName) || SecretText.Redact(server.Launch!.Arguments).Any(each => each.Redacted);

    private static bool PointsToThisMachine(ConfiguredServer server) =>
        server.Launch!.ProgramArguments
            .Concat(EntryReader.EnvironmentValues(server.Entry))
            .Any(text => s_localHosts.Any(each => text.Contains(each, StringComparison.OrdinalIgnoreCase)));
}
