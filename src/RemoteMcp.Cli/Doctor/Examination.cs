using System.Runtime.CompilerServices;
using Azure.Core;

namespace RemoteMcp.Cli.Doctor;

/// <summary>Runs all checks of a server. Each check comes after the checks that it depends on.</summary>
internal static class Examination
{
    /// <summary>Runs the checks and returns their findings.</summary>
    /// <param name="visit">The server to check, and the results of earlier checks.</param>
    /// <param name="signIn">
    /// The delegate that creates a credential for the server's issuer, or <see langword="null"/> to check without sign-in.
    /// </param>
    /// <param name="time">The time provider for the current date and for the time limits.</param>
    /// <param name="cancellationToken">The token that cancels the checks.</param>
    public static async IAsyncEnumerable<Finding> RunAsync(
        Visit visit, Func<Uri, TokenCredential>? signIn, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var finding in ReachCheck.RunAsync(visit, time, cancellationToken))
        {
            yield return finding;
        }

        if (visit.IsUnreachable)
        {
            yield break;
        }

        await foreach (var finding in SignInCheck.RunAsync(visit, cancellationToken))
        {
            yield return finding;
        }

        if (visit.IsUnreachable)
        {
            yield break;
        }

        if (visit.NeedsSignIn)
        {
            yield return await TokenCheck.RunAsync(visit, signIn, time, cancellationToken);
        }

        if (!visit.CanConnect)
        {
            yield return new(
                Verdict.Skipped, "Protocol", "The checks of revisions, HTTP+SSE, latency, and tools need a token.", "Sign in. See above.");
            yield break;
        }

        await foreach (var finding in ProtocolCheck.RunAsync(visit, time, cancellationToken))
        {
            yield return finding;
        }
    }
}
