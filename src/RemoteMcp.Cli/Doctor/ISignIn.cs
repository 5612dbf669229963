using Azure.Core;

namespace RemoteMcp.Cli.Doctor;

/// <summary>Signs the user at the terminal in.</summary>
internal interface ISignIn
{
    /// <summary>Returns why a sign-in is impossible or unsafe, with the remedy, or null if the user can sign in.</summary>
    (Verdict Verdict, string Problem, string Remedy)? FindProblem(CheckContext context);

    /// <summary>Signs the user in and returns a token for the server.</summary>
    /// <exception cref="SignInFailedException">The user does not sign in, or gets no token.</exception>
    ValueTask<AccessToken> GetTokenAsync(CheckContext context, CancellationToken cancellationToken);
}
