using System.Globalization;
using System.Text;
using RemoteMcp.Tools.Shared;

namespace RemoteMcp.Tools.Analytics;

/// <summary>Renders the result of <c>query_analytics</c> as text for users and models.</summary>
internal static class QueryAnalyticsText
{
    public static string Render(QueryAnalyticsResult result, Period known)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{result.Metric}, {Days(result.Period)}: {Number(result.Total.Sum)} from {Events(result.Total)}\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"Previous period, {Days(result.PreviousPeriod)}: {Number(result.PreviousTotal.Sum)} from {Events(result.PreviousTotal)}\n");
        text.Append(CultureInfo.InvariantCulture, $"Change: {Change(result.Change)}\n");
        if (result.Total.Events == 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"There are no events in this period. {result.Metric} has events from {known}.\n");
        }

        if (result.Groups is { Count: > 0 })
        {
            text.Append('\n');
            MarkdownTable.AppendAligned(text, Header(result), Rows(result));
        }

        return text.ToString();
    }

    private static string[] Header(QueryAnalyticsResult result) =>
        result.GroupBy == "day" ? ["day", "sum", "events"] : [result.GroupBy!, "sum", "events", "change"];

    private static IEnumerable<string[]> Rows(QueryAnalyticsResult result)
    {
        foreach (var group in result.Groups!)
        {
            string[] row = [SafeText.Cell(group.Name), Number(group.Sum), Number(group.Events)];
            yield return group.Change is null ? row : [.. row, Change(group.Change)];
        }

        if (result.Other is { } other)
        {
            var count = result.OmittedGroups is { } omitted
                ? string.Create(CultureInfo.InvariantCulture, $"(other: {omitted})")
                : "(other)";
            yield return [count, Number(other.Sum), Number(other.Events), ""];
        }

        if (result.Without is { } without)
        {
            yield return ["(none)", Number(without.Sum), Number(without.Events), ""];
        }
    }

    private static string Days(PeriodResult period) => string.Create(CultureInfo.InvariantCulture,
        $"{new Period(period.From, period.To)} ({period.Days} {(period.Days == 1 ? "day" : "days")})");

    private static string Events(AmountResult amount) => $"{Number(amount.Events)} {(amount.Events == 1 ? "event" : "events")}";

    private static string Change(ChangeResult change) => change.Absolute.ToString("+#,0.######;-#,0.######;0", CultureInfo.InvariantCulture)
        + (change.Percent is { } percent ? percent.ToString(" (+#,0.##' %)'; (-#,0.##' %)'; (0 %)", CultureInfo.InvariantCulture) : "");

    private static string Number(decimal number) => number.ToString("#,0.######", CultureInfo.InvariantCulture);
}
