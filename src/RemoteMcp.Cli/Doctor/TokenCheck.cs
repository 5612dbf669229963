using System.Net;

namespace RemoteMcp.Cli.Doctor;

/// <summary>Gets a token as a client does, and checks whether the server accepts it.</summary>
internal static class TokenCheck
{
    /// <summary>The maximum time to wait for a user to sign in.</summary>
    public static readonly TimeSpan SignInTimeout = TimeSpan.FromMinutes(5);

    private const string Check = "Token";

    /// <summary>Gets a token and returns the result of the check.</summary>
    /// <param name="context">The connection to the server, and the results of earlier checks.</param>
    /// <param name="signIn">How the user signs in, or <see langword="null"/> to check without sign-in.</param>
    /// <param name="time">The time provider for the time limit.</param>
    /// <param name="cancellationToken">The token that cancels the check.</param>
    public static async Task<Finding> RunAsync(
        CheckContext context, ISignIn? signIn, TimeProvider time, CancellationToken cancellationToken)
    {
        if (context.Endpoint is { Scheme: "http", IsLoopback: false })
        {
            return new(
                Verdict.Bad, Check,
                "No token is sent over http, because others on the network could read and use it.", "Use the https URL.");
        }

        if (context.GivenToken is { } given)
        {
            if (!IsToken(given))
            {
                return new(
                    Verdict.Bad, Check, "The token in REMOTE_MCP_TOKEN is invalid. It is empty, or it has characters that no token has.",
                    "Copy the token again, as one line.");
            }

            return await ShowAsync(context, given, "The token is from REMOTE_MCP_TOKEN.", cancellationToken);
        }

        if (signIn is null)
        {
            return new(
                Verdict.Skipped, Check, "You are not signed in.",
                (context.HasOwnSignIn
                    ? "To sign in, use --browser (or --client-id CLIENT, a public client of Entra ID that may use the server)"
                    : "To sign in, use --client-id CLIENT (a public client that may use the server)")
                + ", or set a token in REMOTE_MCP_TOKEN.");
        }

        if (signIn.FindProblem(context) is var (verdict, problem, remedy))
        {
            return new(verdict, Check, problem, remedy);
        }

        using var deadline = new CancellationTokenSource(SignInTimeout, time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            var token = await signIn.GetTokenAsync(context, bound.Token);
            return IsToken(token.Token)
                ? await ShowAsync(context, token.Token, $"Signed in until {token.ExpiresOn.ToLocalTime():HH:mm}.", cancellationToken)
                : new(Verdict.Bad, Check, "The sign-in returns a token with characters that no token has.", "Look at the server's log.");
        }
        catch (SignInFailedException exception)
        {
            return new(Verdict.Bad, Check, Excerpt.Of(exception.Message), exception.Remedy);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new(
                Verdict.Bad, Check, $"You did not sign in within {SignInTimeout.TotalMinutes} minutes.",
                "Run it again. If the sign-in page shows an error, look it up in docs/identity.md.");
        }
    }

    // The b64token syntax of RFC 6750, section 2.1, allows fewer characters. Characters outside this range make the request header invalid.
    private static bool IsToken(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static async Task<Finding> ShowAsync(CheckContext context, string token, string origin, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await context.SendAsync(token, cancellationToken);
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            {
                var reason = Challenge.Read(response.Headers.WwwAuthenticate).Description ?? $"HTTP {(int)response.StatusCode}";
                return new(Verdict.Bad, Check, $"{origin} The server refuses it: {Excerpt.Of(reason)}",
                    "A token for this server must have version 2.0, the server's client id or identifier URI as audience, "
                        + "and the scope of the challenge (docs/identity.md).");
            }

            context.UseToken(token);
            return new(Verdict.Good, Check, origin);
        }
        catch (Exception exception) when (CheckContext.IsNoResponse(exception, cancellationToken))
        {
            return new(
                Verdict.Bad, Check,
                $"{origin} The server does not answer the request: {Excerpt.Of(exception.Message)}", "Look at the server's log.");
        }
    }
}
