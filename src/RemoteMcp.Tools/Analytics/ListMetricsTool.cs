using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Storage;
using RemoteMcp.Tools.Analytics.Store;
using RemoteMcp.Tools.Shared;

namespace RemoteMcp.Tools.Analytics;

/// <summary>A metric that callers can query.</summary>
internal sealed record MetricResult(
    [property: Description("The name to use in query_analytics.")] string Name,
    [property: Description("What the metric can be grouped by, in addition to 'day'.")] IReadOnlyCollection<string> Dimensions,
    [property: Description("The first day that has events.")] DateOnly FirstDay,
    [property: Description("The last day that has events.")] DateOnly LastDay,
    [property: Description("The number of events.")] long Events);

/// <summary>The structured result of the <c>list_metrics</c> tool.</summary>
internal sealed record ListMetricsResult(
    [property: Description("The metrics, ordered by name.")] IReadOnlyList<MetricResult> Metrics,
    [property: Description("The team's time zone.")] string TimeZone,
    [property: Description("Whether there are more metrics than these.")] bool Truncated)
{
    /// <summary>Gets the cursor of the next page.</summary>
    [Description("The cursor for the next page.")]
    public string? NextCursor { get; init; }
}

/// <summary>Provides the <c>list_metrics</c> tool, which lists the team's metrics.</summary>
[McpServerToolType]
internal sealed class ListMetricsTool(ImportLog log, IOptions<AnalyticsOptions> options)
{
    /// <summary>The message for the model and its user while there are no metrics.</summary>
    public const string NoMetrics =
        "No metrics have been imported yet. The operator of this server imports them with `remote-mcp analytics import data.csv` and the "
            + "server's RemoteMcp:Storage settings. docs/analytics.md describes the file.";

    private const string ToolName = "list_metrics";
    private const int DefaultLimit = 100;
    private const int MaxLimit = 500;

    /// <summary>Lists the metrics.</summary>
    [McpServerTool(
        Name = ToolName, Title = "List metrics", ReadOnly = true, Idempotent = true, Destructive = false, OpenWorld = false,
        UseStructuredContent = true, OutputSchemaType = typeof(ListMetricsResult))]
    [Description("Lists the team's metrics (such as pageviews, signups or revenue) with the dimensions that query_analytics can group them "
        + "by and the days they cover, ordered by name.")]
    public async Task<CallToolResult> ListAsync(
        [Description("The maximum number of metrics to return."), Range(1, MaxLimit)] int limit = DefaultLimit,
        [Description("next_cursor of the previous page."), MaxLength(OpaqueCursor.MaxLength)] string? cursor = null,
        CancellationToken cancellationToken = default)
    {
        var after = OpaqueCursor.Read(cursor, ToolName) ?? "";
        try
        {
            var catalog = await Catalog.ReadAsync(log, cancellationToken);
            List<Metric> metrics = [.. catalog.Metrics.Values
                .Where(metric => string.CompareOrdinal(metric.Name, after) > 0)
                .Take(limit + 1)];
            var truncated = metrics.Count > limit;
            var result = new ListMetricsResult([.. metrics.Take(limit).Select(ToResult)], options.Value.TimeZone, truncated)
            {
                NextCursor = OpaqueCursor.Write(truncated ? metrics[limit - 1].Name : null, ToolName),
            };
            return ToolResult.Of(result, catalog.Metrics.Count == 0 ? NoMetrics : Render(result));
        }
        catch (StateUnavailableException exception)
        {
            throw Unavailable(exception);
        }
    }

    /// <summary>Creates the exception with the message for the model when the storage does not respond.</summary>
    public static McpException Unavailable(StateUnavailableException exception) => new(
        "The metrics cannot be read now because the storage does not respond. "
            + string.Create(CultureInfo.InvariantCulture, $"Try again in {Math.Ceiling(exception.RetryAfter.TotalSeconds)} s."), exception);

    private static MetricResult ToResult(Metric metric) =>
        new(metric.Name, metric.Dimensions, metric.Days.From, metric.Days.To, metric.Events);

    private static string Render(ListMetricsResult result)
    {
        var text = new StringBuilder();
        MarkdownTable.AppendAligned(text, ["metric", "group by", "first day", "last day", "events"], result.Metrics.Select(metric => new[]
        {
            metric.Name,
            string.Join(", ", (string[])["day", .. metric.Dimensions]),
            Period.Text(metric.FirstDay),
            Period.Text(metric.LastDay),
            metric.Events.ToString("#,0", CultureInfo.InvariantCulture),
        }));
        return text.Append(result.Truncated ? $"There are more: call again with cursor '{result.NextCursor}'.\n" : "").ToString();
    }
}
