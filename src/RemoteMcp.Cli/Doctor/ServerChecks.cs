using System.Runtime.CompilerServices;

namespace RemoteMcp.Cli.Doctor;

/// <summary>Runs all checks of a server. Each check comes after the checks that it depends on.</summary>
internal static class ServerChecks
{
    /// <summary>Runs the checks and returns their findings.</summary>
    /// <param name="context">The connection to the server, and the results of earlier checks.</param>
    /// <param name="signIn">How the user signs in, or <see langword="null"/> to check without sign-in.</param>
    /// <param name="time">The time provider for the current date and for the time limits.</param>
    /// <param name="cancellationToken">The token that cancels the checks.</param>
    public static async IAsyncEnumerable<Finding> RunAsync(
        CheckContext context,
        ISignIn? signIn,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var finding in ConnectionCheck.RunAsync(context, time, cancellationToken))
        {
            yield return finding;
        }

        if (context.IsUnreachable)
        {
            yield break;
        }

        await foreach (var finding in SignInCheck.RunAsync(context, cancellationToken))
        {
            yield return finding;
        }

        if (context.IsUnreachable)
        {
            yield break;
        }

        if (context.NeedsSignIn)
        {
            yield return await TokenCheck.RunAsync(context, signIn, time, cancellationToken);
        }

        if (!context.CanConnect)
        {
            yield return new(
                Verdict.Skipped, "Protocol", "The checks of revisions, HTTP+SSE, latency, and tools need a token.", "Sign in. See above.");
            yield break;
        }

        await foreach (var finding in ProtocolCheck.RunAsync(context, time, cancellationToken))
        {
            yield return finding;
        }
    }
}
