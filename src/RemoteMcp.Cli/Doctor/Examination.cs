using System.Runtime.CompilerServices;

namespace RemoteMcp.Cli.Doctor;

/// <summary>Everything that an engineer would look at, in the order in which one thing needs the other.</summary>
internal static class Examination
{
    public static async IAsyncEnumerable<Finding> RunAsync(Visit visit, SignIn? signIn, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var finding in ReachCheck.RunAsync(visit, time, cancellationToken))
        {
            yield return finding;
        }

        if (visit.IsUnreachable)
        {
            yield break;
        }

        await foreach (var finding in SignInCheck.RunAsync(visit, signIn, cancellationToken))
        {
            yield return finding;
        }

        if (visit.IsUnreachable)
        {
            yield break;
        }

        if (!visit.CanConnect)
        {
            yield return new(Verdict.Skipped, "Protocol", "Revisions, HTTP+SSE, latency and tools need a token.", "Sign in: see above.");
            yield break;
        }

        await foreach (var finding in ProtocolCheck.RunAsync(visit, time, cancellationToken))
        {
            yield return finding;
        }
    }
}
