using System.CommandLine;
using RemoteMcp.Cli.Commands;
using RemoteMcp.Tools.Advice;
using Spectre.Console;
using Spectre.Console.Testing;
using Xunit;

namespace RemoteMcp.Tests.Advice;

/// <summary>Tests <c>remote-mcp advise</c> with options and in a terminal.</summary>
public sealed class AdviseCommandTests
{
    [Fact]
    public async Task Options_accept_lists_and_single_values()
    {
        var (_, one, _) = await RunAsync(null, "--needs", "local-files", "--needs", "secrets", "--users", "several");
        var (_, list, _) = await RunAsync(null, "--needs", "secrets,several-users,local-files");
        var (_, words, _) = await RunAsync(null, "--needs", "several-users", "local-files", "SECRETS");

        Assert.StartsWith("HYBRID: ", one, StringComparison.Ordinal);
        Assert.Equal(one, list);
        Assert.Equal(one, words);
    }

    [Theory]
    [InlineData("Specify --needs or --use-case")]
    [InlineData("Specify --needs or --use-case", "--json")]
    [InlineData("Specify --needs or --use-case", "--users", "one")]
    [InlineData("--needs: unknown value 'speed'", "--needs", "speed")]
    [InlineData("--use-case: unknown value 'kitchen'", "--use-case", "kitchen")]
    public async Task Missing_or_unknown_input_is_refused_on_standard_error(string told, params string[] arguments)
    {
        var (exit, output, error) = await RunAsync(null, arguments);

        Assert.Equal((1, ""), (exit, output));
        Assert.Contains(told, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminal_dialog_preselects_the_usual_needs_of_the_use_case()
    {
        using var terminal = Terminal();
        Down(terminal, UseCaseTable.All.Index().First(each => each.Item.Id == "github").Index);
        terminal.Input.PushKey(ConsoleKey.Enter);
        terminal.Input.PushKey(ConsoleKey.Spacebar); // the first need: local files
        terminal.Input.PushKey(ConsoleKey.Enter);

        var (exit, output, _) = await RunAsync(terminal);

        Assert.Equal((0, ""), (exit, output));
        var expected = AdvisorTests.Recommend("local-files", "github");
        Assert.Equal(Deployment.Hybrid, expected.Deployment);
        Assert.Contains("hybrid", terminal.Output, StringComparison.Ordinal);
        Assert.Contains(expected.Summary, terminal.Output, StringComparison.Ordinal);
        Assert.All(expected.NextSteps, step => Assert.Contains(step.Command, terminal.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Terminal_dialog_asks_again_if_nothing_was_selected()
    {
        using var terminal = Terminal();
        Down(terminal, UseCaseTable.All.Count);
        terminal.Input.PushKey(ConsoleKey.Enter);
        terminal.Input.PushKey(ConsoleKey.Enter);
        terminal.Input.PushKey(ConsoleKey.Enter); // the first use case: files
        terminal.Input.PushKey(ConsoleKey.Enter);

        await RunAsync(terminal);

        Assert.Contains("at least one need", terminal.Output, StringComparison.Ordinal);
        Assert.Contains(AdvisorTests.Recommend("", "filesystem").Summary, terminal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminal_dialog_is_not_shown_if_options_are_specified()
    {
        using var terminal = Terminal();

        var (exit, output, _) = await RunAsync(terminal, "--needs", "offline");

        Assert.Equal(0, exit);
        Assert.StartsWith("LOCAL: ", output, StringComparison.Ordinal);
        Assert.Empty(terminal.Output);
    }

    internal static async Task<(int Exit, string Output, string Error)> RunAsync(IAnsiConsole? terminal, params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var root = new RootCommand { AdviseCommand.Create(() => terminal) };
        var exit = await root.Parse(["advise", .. arguments]).InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error }, TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }

    private static TestConsole Terminal() => new TestConsole().Interactive().SupportsAnsi(true).Width(400);

    private static void Down(TestConsole terminal, int times)
    {
        for (var i = 0; i < times; i++)
        {
            terminal.Input.PushKey(ConsoleKey.DownArrow);
        }
    }
}
