using System.CommandLine;
using System.Text.Json;
using ModelContextProtocol;
using RemoteMcp.Cli.Advice;
using RemoteMcp.ToolCalls;
using RemoteMcp.Tools.Advice;
using Spectre.Console;

namespace RemoteMcp.Cli.Commands;

/// <summary>
/// Creates the command <c>remote-mcp advise</c>, which recommends local or remote. It uses the same code as the
/// <c>recommend_deployment</c> tool. Without options, it shows a dialog at the terminal. With options, it prints the recommendation.
/// </summary>
internal static class AdviseCommand
{
    /// <summary>Creates the command for the terminal of this process.</summary>
    public static Command Create() => Create(static () =>
        Console.IsInputRedirected || Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive
            ? null
            : AnsiConsole.Console);

    /// <summary>Creates the command for a given terminal.</summary>
    /// <param name="terminal">The delegate that returns the interactive terminal, or null if there is none.</param>
    public static Command Create(Func<IAnsiConsole?> terminal)
    {
        var useCases = new Option<string[]>("--use-case")
        {
            Description = "What the tool is for. Adds the needs that such tools usually have. Values: "
                + $"{string.Join(", ", UseCaseTable.All.Select(each => each.Id))}.",
            HelpName = "CASE",
            AllowMultipleArgumentsPerToken = true,
        };
        var needs = new Option<string[]>("--needs")
        {
            Description = $"What the tool needs. Values: {string.Join(", ", NeedNames.All.Keys)}.",
            HelpName = "NEED",
            AllowMultipleArgumentsPerToken = true,
        };
        var users = new Option<string?>("--users")
        {
            Description = "How many people use the tool. 'several' has the same effect as --needs several-users.",
        };
        users.AcceptOnlyFromAmong("one", "several");
        var json = new Option<bool>("--json") { Description = "Print the recommendation as JSON.", Arity = ArgumentArity.Zero };
        var command = new Command("advise", "Recommends where to run a tool's server, local or remote, and gives the reasons.")
        {
            useCases, needs, users, json,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var (output, error) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
            try
            {
                List<DeploymentNeed> given = [.. AdviceArguments.Needs("--needs", Split(arguments.GetValue(needs)))];
                if (arguments.GetValue(users) == "several")
                {
                    given.Add(DeploymentNeed.SeveralUsers);
                }

                var cases = AdviceArguments.UseCases("--use-case", Split(arguments.GetValue(useCases)));
                var isGiven = given.Count > 0 || cases.Count > 0;
                if (!isGiven && !arguments.GetValue(json) && terminal() is { } console)
                {
                    var dialog = new AdviceDialog(console);
                    dialog.Show(await dialog.AskAsync(cancellationToken));
                    return 0;
                }

                if (!isGiven)
                {
                    await error.WriteLineAsync(
                        "error: Specify --needs or --use-case. --help lists the values. "
                        + "To choose them in a dialog, run the command without options at a terminal.");
                    return 1;
                }

                var advice = Advisor.Recommend(given, cases);
                await output.WriteAsync(
                    arguments.GetValue(json)
                        ? JsonSerializer.Serialize(advice, IndentedJson) + Environment.NewLine
                        : AdviceText.Render(advice));
                return 0;
            }
            catch (McpException exception)
            {
                await error.WriteLineAsync($"error: {exception.Message}");
                return 1;
            }
        });
        return command;
    }

    private static JsonSerializerOptions IndentedJson { get; } = new(ToolResult.Json) { WriteIndented = true };

    private static string[] Split(string[]? lists) =>
        [.. (lists ?? []).SelectMany(list => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
}
