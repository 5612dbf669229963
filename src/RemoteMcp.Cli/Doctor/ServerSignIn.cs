using System.Web;
using Azure.Core;
using ModelContextProtocol.Authentication;
using ModelContextProtocol.Client;
using RemoteMcp.ToolCalls;

namespace RemoteMcp.Cli.Doctor;

/// <summary>Signs the user in at the server itself, as a client that has only the URL: the SDK's client registers itself.</summary>
/// <param name="tryOpen">The delegate that opens a page in the browser, and returns whether there is a browser.</param>
/// <param name="terminal">The writer that shows the URL of the page.</param>
internal sealed class ServerSignIn(Func<Uri, bool> tryOpen, TextWriter terminal) : ISignIn
{
    /// <inheritdoc/>
    public (Verdict Verdict, string Problem, string Remedy)? FindProblem(CheckContext context) => context switch
    {
        { HasOwnSignIn: false } => (
            Verdict.Skipped, "You are not signed in, because the server does not sign clients in itself.",
            "Use --client-id CLIENT (a public client that may use the server)."),
        { CanSignInAtServer: false } => (Verdict.Skipped, "You are not signed in, because the sign-in does not work.", "See above."),
        _ => null,
    };

    /// <inheritdoc/>
    public async ValueTask<AccessToken> GetTokenAsync(CheckContext context, CancellationToken cancellationToken)
    {
        await using var callback = await LoopbackCallback.StartAsync(cancellationToken);
        var attempt = new Attempt(context, callback, tryOpen, terminal);
        try
        {
            await ConnectAsync(context, attempt, cancellationToken);
        }
        // A connection that fails after the sign-in is not a problem of the sign-in. Later checks find it.
        catch (Exception exception) when (attempt.Tokens is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw attempt.Failure ?? new SignInFailedException(exception.Message, "Look at the server's log.", exception);
        }
        catch (Exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return attempt.Tokens is { } tokens
            ? new AccessToken(tokens.AccessToken, tokens.ObtainedAt.AddSeconds(tokens.ExpiresIn ?? 0))
            : throw new SignInFailedException("The server did not ask for a sign-in.", "Run it again.");
    }

    private static async Task ConnectAsync(CheckContext context, Attempt attempt, CancellationToken cancellationToken)
    {
        using var http = context.CreateSameOriginClient();
        var transport = new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = context.Endpoint,
                TransportMode = HttpTransportMode.StreamableHttp,
                ConnectionTimeout = TokenCheck.SignInTimeout,
                OAuth = new ClientOAuthOptions
                {
                    RedirectUri = attempt.RedirectUri,
                    DynamicClientRegistration = new DynamicClientRegistrationOptions { ClientName = "remote-mcp doctor" },
                    AuthorizationCallbackHandler = attempt.AuthorizeAsync,
                    TokenCache = attempt,
                },
            },
            http);
        var options = new McpClientOptions
        {
            ClientInfo = new() { Name = "remote-mcp doctor", Version = "1" },
            // The first request includes the sign-in.
            DiscoverProbeTimeout = Timeout.InfiniteTimeSpan,
            InitializationTimeout = TokenCheck.SignInTimeout,
        };
        await using var client = await McpClient.CreateAsync(transport, options, cancellationToken: cancellationToken);
    }

    /// <summary>Represents one sign-in. It also keeps the tokens for the SDK, in memory.</summary>
    private sealed class Attempt(
        CheckContext context, LoopbackCallback callback, Func<Uri, bool> tryOpen, TextWriter terminal) : ITokenCache
    {
        // Browsers and servers accept URLs of this length.
        private const int MaxPage = 8000;

        private bool _hasStarted;

        public Uri RedirectUri => callback.Url;

        public TokenContainer? Tokens { get; private set; }

        public SignInFailedException? Failure { get; private set; }

        public ValueTask<TokenContainer?> GetTokensAsync(CancellationToken cancellationToken) => new(Tokens);

        public ValueTask StoreTokensAsync(TokenContainer tokens, CancellationToken cancellationToken)
        {
            Tokens = tokens;
            return default;
        }

        public async Task<AuthorizationResult?> AuthorizeAsync(
            AuthorizationCallbackContext request, CancellationToken cancellationToken)
        {
            var page = request.AuthorizationUri;
            // The SDK reads the metadata again, and a hostile server can change it after the checks.
            if (!context.Origins.IsOwn(page))
            {
                throw Fail("The server sends the browser to another server.", "Do not sign in to this server.");
            }

            if (page.AbsoluteUri.Length > MaxPage)
            {
                throw Fail($"The URL of the sign-in page is longer than {MaxPage} characters.", "Look at the server's log.");
            }

            // The SDK can start again with another revision of the protocol. The user signs in once.
            if (_hasStarted)
            {
                throw Fail("The server does not accept the token that it issued.", "Look at the server's log.");
            }

            _hasStarted = true;
            callback.Expect(HttpUtility.ParseQueryString(page.Query)["state"] ?? "");
            // The server refers the browser to the issuer later. It was part of the report, and is repeated where the user decides.
            await terminal.WriteLineAsync(
                $"This server signs you in at {Excerpt.Of(context.EntraIssuer?.AbsoluteUri ?? "an unknown service")}.");
            await terminal.WriteLineAsync(
                $"To sign in and allow this command, use the page in your browser: {SafeText.Line(page.AbsoluteUri, MaxPage)}");
            if (!tryOpen(page))
            {
                await terminal.WriteLineAsync("No browser could be opened. Open the page yourself, in a browser on this machine.");
            }

            var answer = await callback.ReceivedAsync(cancellationToken);
            if (answer["error"].ToString() is { Length: > 0 } error)
            {
                throw Fail(
                    $"{error}: {answer["error_description"]}",
                    error == "access_denied"
                        ? "Run it again, sign in, and allow the command."
                        : "docs/identity.md lists the errors and how to fix them.");
            }

            return new AuthorizationResult { Code = answer["code"], State = answer["state"], Iss = answer["iss"] };
        }

        private SignInFailedException Fail(string message, string remedy) => Failure ??= new(message, remedy);
    }
}
