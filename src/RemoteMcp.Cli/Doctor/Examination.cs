using System.Runtime.CompilerServices;
using Azure.Core;

namespace RemoteMcp.Cli.Doctor;

/// <summary>Everything that an engineer would look at, in the order in which one thing needs the other.</summary>
internal static class Examination
{
    /// <param name="visit">The server.</param>
    /// <param name="signIn">Signs in at the issuer that the server names; <see langword="null"/> where nobody is to.</param>
    /// <param name="time">Today's date, and how long the person is waited for.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async IAsyncEnumerable<Finding> RunAsync(Visit visit, Func<Uri, TokenCredential>? signIn, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
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
            yield return new(Verdict.Skipped, "Protocol", "Revisions, HTTP+SSE, latency and tools need a token.", "Sign in: see above.");
            yield break;
        }

        await foreach (var finding in ProtocolCheck.RunAsync(visit, time, cancellationToken))
        {
            yield return finding;
        }
    }
}
