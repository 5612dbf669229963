using RemoteMcp.Tools.Advice;
using Spectre.Console;

namespace RemoteMcp.Cli.Advice;

/// <summary>Asks the user at a terminal what the tool does and what it needs, and shows the recommendation.</summary>
internal sealed class AdviceDialog(IAnsiConsole terminal)
{
    /// <summary>The choice for a tool that matches no use case.</summary>
    public const string NoUseCase = "Something else";

    /// <summary>Asks until the user selects a use case or at least one need, and returns the recommendation.</summary>
    public async Task<Recommendation> AskAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var useCase = await AskUseCaseAsync(cancellationToken);
            var needs = await AskNeedsAsync(useCase, cancellationToken);
            if (useCase is not null || needs.Count > 0)
            {
                return Advisor.Recommend(needs, useCase is null ? [] : [useCase]);
            }

            terminal.MarkupLine("[yellow]Choose a use case, or at least one need.[/]");
        }
    }

    /// <summary>Shows the recommendation.</summary>
    public void Show(Recommendation advice)
    {
        var color = advice.Deployment switch { Deployment.Local => "green", Deployment.Remote => "blue", _ => "yellow" };
        terminal.Write(new Panel(Markup.Escape(advice.Summary))
            .Header($"[bold {color}] {NeedNames.Of(advice.Deployment)} [/]")
            .RoundedBorder());
        var reasons = new Table().RoundedBorder().AddColumns("need", "points to", "decides", "why");
        foreach (var reason in advice.Reasons)
        {
            reasons.AddRow(
                new Text(NeedNames.Of(reason.Need)),
                new Text(NeedNames.Of(reason.PointsTo)),
                new Text(reason.Decisive ? "yes" : ""),
                new Text(reason.Why));
        }

        terminal.Write(reasons);
        ShowList("Conflicts", advice.Conflicts);
        ShowList("What it costs", advice.TradeOffs);
        ShowList("Good to know", advice.Notes);
        ShowList("Next", advice.NextSteps.Select(step => $"{step.What}: {step.Command}"));
    }

    private async Task<UseCase?> AskUseCaseAsync(CancellationToken cancellationToken)
    {
        var titles = UseCaseTable.All.Select(each => each.Title);
        var title = await terminal.PromptAsync(
            new SelectionPrompt<string>()
                .Title("What is the tool for?")
                .PageSize(UseCaseTable.All.Count + 1)
                .AddChoices([.. titles, NoUseCase]),
            cancellationToken);
        return UseCaseTable.All.FirstOrDefault(each => each.Title == title);
    }

    private async Task<IReadOnlyList<DeploymentNeed>> AskNeedsAsync(UseCase? useCase, CancellationToken cancellationToken)
    {
        var prompt = new MultiSelectionPrompt<DeploymentNeed>()
            .Title("What does it need? (Press Space to select and Enter to continue.)")
            .NotRequired()
            .PageSize(NeedTable.Rules.Count)
            .UseConverter(need => Markup.Escape(NeedTable.Of(need).Question))
            .AddChoices(NeedTable.Rules.Select(rule => rule.Need));
        foreach (var need in useCase?.Needs ?? [])
        {
            prompt.Select(need);
        }

        return await terminal.PromptAsync(prompt, cancellationToken);
    }

    private void ShowList(string title, IEnumerable<string> lines)
    {
        var text = string.Join('\n', lines.Select(line => $"- {line}"));
        if (text.Length > 0)
        {
            terminal.MarkupLine($"[bold]{title}[/]");
            terminal.WriteLine(text);
        }
    }
}
