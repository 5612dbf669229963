using System.Text;

namespace RemoteMcp.Tools.Advice;

/// <summary>Renders a recommendation as text, for a model or a terminal without colors.</summary>
internal static class AdviceText
{
    /// <summary>Renders a recommendation. The text ends with a line break.</summary>
    public static string Render(Recommendation advice)
    {
        var text = new StringBuilder()
            .Append(NeedNames.Of(advice.Deployment).ToUpperInvariant())
            .Append(": ").Append(advice.Summary).Append('\n');
        Append(text, "Why", advice.Reasons.Select(Describe));
        Append(text, "Conflicts", advice.Conflicts);
        Append(text, "Trade-offs", advice.TradeOffs);
        Append(text, "Notes", advice.Notes);
        Append(text, "Next steps", advice.NextSteps.Select(static step => $"{step.What}:\n  {step.Command}"));
        return text.ToString();
    }

    /// <summary>Renders a reason as one line.</summary>
    public static string Describe(AdviceReason reason)
    {
        var from = reason.From is { } cases ? $" (from {string.Join(", ", cases)})" : "";
        return $"{NeedNames.Of(reason.Need)}{from} -> {NeedNames.Of(reason.PointsTo)}, "
            + $"{(reason.Decisive ? "decides" : "does not decide")}: {reason.Why}";
    }

    private static void Append(StringBuilder text, string title, IEnumerable<string> lines)
    {
        string[] all = [.. lines];
        if (all.Length == 0)
        {
            return;
        }

        text.Append('\n').Append(title).Append('\n');
        foreach (var line in all)
        {
            text.Append("- ").Append(line).Append('\n');
        }
    }
}
