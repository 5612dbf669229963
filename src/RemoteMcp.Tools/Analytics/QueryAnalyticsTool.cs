using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Storage;
using RemoteMcp.Tools.Analytics.Store;

namespace RemoteMcp.Tools.Analytics;

/// <summary>Provides the <c>query_analytics</c> tool, which returns values of the team's metrics.</summary>
[McpServerToolType]
internal sealed class QueryAnalyticsTool(MetricQuery query, ImportLog log, IOptions<AnalyticsOptions> options, TimeProvider time)
{
    private const int MaxGroups = 50;
    private const int MaxNamesInMessage = 20;
    private const string Day = "day";

    /// <summary>Queries a metric.</summary>
    [McpServerTool(
        Name = "query_analytics", Title = "Query analytics", ReadOnly = true, Idempotent = true, Destructive = false, OpenWorld = false,
        UseStructuredContent = true, OutputSchemaType = typeof(QueryAnalyticsResult))]
    [Description("Sums one of the team's metrics over a period of days, and compares the sum with the previous period. Can group the sum "
        + "by day or by a dimension. Get the names of metrics and dimensions from list_metrics.")]
    public async Task<CallToolResult> QueryAsync(
        [Description("The name of a metric from list_metrics."), StringLength(AnalyticsName.MaxLength, MinimumLength = 1)] string metric,
        [Description($"The days: {Period.Rule} (both included, at most 400 days). Weeks start on Monday. this_week and this_month end "
            + $"today. Comparison: {ComparedPeriod.Rule}."), StringLength(64, MinimumLength = 1)] string period,
        [Description("'day', or one of the metric's dimensions. For a dimension, returns the 50 values with the largest sums, and the "
            + "amount of all other values."), MaxLength(AnalyticsName.MaxLength)] string? group_by = null,
        [Description("The IANA time zone that determines which day is today, such as Europe/Berlin. Default: the team's time zone. It "
            + "does not move imported events to other days."), MaxLength(100)] string? time_zone = null,
        CancellationToken cancellationToken = default)
    {
        var zoneId = string.IsNullOrWhiteSpace(time_zone) ? options.Value.TimeZone : time_zone.Trim();
        if (!TimeZones.TryFind(zoneId, out var zone))
        {
            throw new McpException($"time_zone: unknown time zone {SafeText.Quote(zoneId)}. Use an IANA name such as Europe/Berlin, or "
                + $"omit it for {options.Value.TimeZone}.");
        }

        var days = ComparedPeriod.Parse(period, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone).DateTime));
        try
        {
            var found = Find(metric, await Catalog.ReadAsync(log, cancellationToken));
            var groupBy = GroupBy(group_by, found);
            var answer = await query.RunAsync(found, days, groupBy is Day ? null : groupBy, cancellationToken);
            var result = ToResult(answer, found, days, zoneId, groupBy);
            return ToolResult.Of(result, QueryAnalyticsText.Render(result, found.Days));
        }
        catch (StateUnavailableException exception)
        {
            throw ListMetricsTool.Unavailable(exception);
        }
    }

    private static Metric Find(string text, Catalog catalog)
    {
        if (AnalyticsName.TryParse(text, out var name) && catalog.Metrics.TryGetValue(name, out var metric))
        {
            return metric;
        }

        throw new McpException(catalog.Metrics.Count == 0
            ? ListMetricsTool.NoMetrics
            : $"metric: unknown metric {SafeText.Quote(text)}. Use one of {Names(catalog.Metrics.Keys)}.");
    }

    private static string? GroupBy(string? text, Metric metric)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        return AnalyticsName.TryParse(text, out var name) && (name == Day || metric.Dimensions.Contains(name)) ? name
            : throw new McpException($"group_by: {SafeText.Quote(text)} is not a dimension of {metric.Name}. Use one of "
                + $"{Names([Day, .. metric.Dimensions])}, or omit it.");
    }

    private static string Names(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return string.Join(", ", all.Take(MaxNamesInMessage))
            + (all.Length > MaxNamesInMessage ? $" and {all.Length - MaxNamesInMessage} more (list_metrics lists all)" : "");
    }

    private static QueryAnalyticsResult ToResult(MetricAnswer answer, Metric metric, ComparedPeriod days, string zone, string? groupBy)
    {
        var result = new QueryAnalyticsResult(
            metric.Name,
            PeriodResult.Of(days.Current),
            zone,
            AmountResult.Of(answer.Total.Current),
            PeriodResult.Of(days.Previous),
            AmountResult.Of(answer.Total.Previous),
            ChangeResult.Of(answer.Total))
        {
            GroupBy = groupBy,
        };
        if (groupBy is null or Day)
        {
            var groups = answer.Days.Select(day => new GroupResult(Period.Text(day.Day), day.Amount.Sum, day.Amount.Events));
            return groupBy is null ? result : result with { Groups = [.. groups] };
        }

        var other = answer.Groups.Skip(MaxGroups).Aggregate(answer.Merged.Current, static (sum, group) => sum + group.Amounts.Current);
        return result with
        {
            Groups = [.. answer.Groups.Take(MaxGroups).Select(group =>
                new GroupResult(group.Value, group.Amounts.Current.Sum, group.Amounts.Current.Events)
                {
                    Change = ChangeResult.Of(group.Amounts),
                })],
            OmittedGroups = answer.Groups.Count > MaxGroups ? answer.Groups.Count - MaxGroups : null,
            Other = other.Events > 0 ? AmountResult.Of(other) : null,
            Without = answer.WithoutValue.Current.Events > 0 ? AmountResult.Of(answer.WithoutValue.Current) : null,
        };
    }
}
