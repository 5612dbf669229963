using System.Globalization;
using System.Text;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>An event in the team's analytics data.</summary>
internal sealed record TeamEvent(DateOnly Day, string Metric, decimal Value, string Country);

/// <summary>The team's analytics data of February and March 2026. Tests compare the results of tools with sums of these events.</summary>
internal static class TeamEvents
{
    private static readonly string[] s_countries = ["DE", "US", "Korea, South"];
    private static readonly string[] s_metrics = ["pageviews", "revenue"];

    public static IReadOnlyList<TeamEvent> All { get; } = Create();

    /// <summary>Returns the CSV that <c>remote-mcp analytics import</c> reads.</summary>
    public static string ToCsv() => All.Aggregate(
        new StringBuilder("timestamp,metric,value,country\n"),
        static (csv, each) => csv.Append(
            CultureInfo.InvariantCulture, $"{each.Day:yyyy-MM-dd}T12:00:00Z,{each.Metric},{each.Value},\"{each.Country}\"\n")).ToString();

    public static IReadOnlyList<TeamEvent> Of(string metric, int month) =>
        [.. All.Where(each => each.Metric == metric && each.Day.Month == month)];

    private static List<TeamEvent> Create()
    {
        var random = new Random(20260331);
        var first = new DateOnly(2026, 2, 1);
        return [.. Enumerable.Range(0, 1_000).Select(_ => new TeamEvent(
            first.AddDays(random.Next(28 + 31)),
            s_metrics[random.Next(s_metrics.Length)],
            random.Next(-500, 100_000) / 100m,
            s_countries[random.Next(s_countries.Length)]))];
    }
}
