using System.CommandLine;
using System.CommandLine.Parsing;
using RemoteMcp.Cli.Doctor;
using Spectre.Console;

namespace RemoteMcp.Cli.Commands;

/// <summary>
/// Creates the command <c>remote-mcp doctor</c>, which checks a server from a client's point of view. Each line describes a problem and
/// how to fix it.
/// </summary>
internal static class DoctorCommand
{
    /// <summary>
    /// The environment variable that contains a token. The token is not an option, because all users of the machine can read command lines.
    /// </summary>
    public const string TokenVariable = "REMOTE_MCP_TOKEN";

    private const int CheckWidth = 22;

    // The time to sign in, and the same time again for all other checks.
    private static readonly TimeSpan s_limit = 2 * TokenCheck.SignInTimeout;

    /// <summary>Creates the command for the terminal of this process.</summary>
    public static Command Create() => Create(static () =>
        Console.IsInputRedirected || Console.IsErrorRedirected || !AnsiConsole.Profile.Capabilities.Interactive
            ? null
            : AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }));

    /// <summary>Creates the command for a given terminal.</summary>
    /// <param name="terminal">The delegate that returns the interactive terminal, or null if there is none.</param>
    public static Command Create(Func<IAnsiConsole?> terminal)
    {
        var url = new Argument<Uri>("url")
        {
            Description = "The server's MCP endpoint, e.g. https://tools.contoso.com/mcp.",
            CustomParser = ParseUrl,
        };
        var clientId = new Option<string?>("--client-id")
        {
            Description = "The client id of a public client that may use the server. With it, you sign in at Entra ID directly.",
            HelpName = "ID",
        };
        var tenant = new Option<string?>("--tenant")
        {
            Description = "With --client-id: the tenant to sign in to, if the server allows several tenants.",
            HelpName = "ID",
        };
        var browser = new Option<bool>("--browser")
        {
            Description = "Sign in with the browser on this machine. With --client-id, the browser replaces the device code.",
            Arity = ArgumentArity.Zero,
        };
        var yes = new Option<bool>("--yes")
        {
            Description = "With --client-id and --browser: confirm the sign-in that the command shows, without a question.",
            Arity = ArgumentArity.Zero,
        };
        var allowOrigin = new Option<Uri[]>(OriginPolicy.Option)
        {
            Description = "A further server to which the checks may send requests, such as https://login.contoso.com. It gets no token. "
                + "Without this option, the command asks before it uses a server that the checked server names. "
                + "You can repeat this option.",
            HelpName = "URL",
            CustomParser = ParseOrigins,
        };
        var command = new Command("doctor", "Checks a server from a client's point of view, and reports each problem and how to fix it.")
        {
            url, clientId, tenant, browser, yes, allowOrigin,
        };
        command.SetAction(async (result, cancellationToken) =>
        {
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            var endpoint = result.GetRequiredValue(url);
            var origins = new OriginPolicy(endpoint, result.GetValue(allowOrigin), terminal() is { } console ? AskAt(console) : null);
            using var context = new CheckContext(endpoint, origins: origins);
            if (Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token)
            {
                context.GivenToken = token.Trim();
            }

            using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            bound.CancelAfter(s_limit);
            ISignIn? signIn = result.GetValue(clientId) is { } id
                ? new DirectSignIn(id, result.GetValue(tenant), result.GetValue(browser), error, result.GetValue(yes))
                : result.GetValue(browser) ? new ServerSignIn(DefaultBrowser.TryOpen, error) : null;
            try
            {
                return await ReportAsync(ServerChecks.RunAsync(context, signIn, TimeProvider.System, bound.Token), output);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                await error.WriteLineAsync(
                    $"error: the checks did not finish within {s_limit.TotalMinutes:0} minutes, because the server keeps requests waiting. "
                    + "Look at the server's log.");
                return 1;
            }
        });
        return command;
    }

    private static async Task<int> ReportAsync(IAsyncEnumerable<Finding> findings, TextWriter output)
    {
        var worst = Verdict.Good;
        await foreach (var finding in findings)
        {
            var mark = finding.Verdict switch { Verdict.Good => "ok  ", Verdict.Warning => "warn", Verdict.Bad => "FAIL", _ => "skip" };
            await output.WriteLineAsync($"{mark}  {finding.Check,-CheckWidth} {finding.Detail}");
            if (finding.Remedy is { } remedy)
            {
                await output.WriteLineAsync($"{"",CheckWidth + 7}-> {remedy}");
            }

            worst = finding.Verdict == Verdict.Bad ? Verdict.Bad : worst;
        }

        return worst == Verdict.Bad ? 1 : 0;
    }

    private static Func<string, CancellationToken, Task<bool>> AskAt(IAnsiConsole terminal) => (question, cancellationToken) =>
        new ConfirmationPrompt(Markup.Escape(question)) { DefaultValue = false }.ShowAsync(terminal, cancellationToken);

    private static Uri[] ParseOrigins(ArgumentResult result)
    {
        var origins = new List<Uri>();
        foreach (var text in result.Tokens.Select(static token => token.Value))
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var url)
                && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
                && url is { UserInfo.Length: 0, PathAndQuery: "/", Fragment.Length: 0 })
            {
                origins.Add(url);
            }
            else
            {
                result.AddError(
                    $"{OriginPolicy.Option}: '{Excerpt.Of(text)}' is not the https URL of a server, such as https://login.contoso.com. "
                    + "Leave out the path (http only for a loopback host).");
            }
        }

        return [.. origins];
    }

    private static Uri? ParseUrl(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0)
        {
            return url;
        }

        result.AddError(
            $"'{Excerpt.Of(text)}' is not the URL of a server. "
            + "Use an http or https URL without a user name, such as https://tools.contoso.com/mcp.");
        return null;
    }
}
