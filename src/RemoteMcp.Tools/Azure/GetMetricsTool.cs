using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using System.Xml;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authorization;
using RemoteMcp.Auth.OnBehalfOf;

namespace RemoteMcp.Tools.Azure;

/// <summary>
/// Provides the <c>get_metrics</c> tool, which reads metrics of Azure Monitor (https://learn.microsoft.com/rest/api/monitor/metrics/list).
/// </summary>
[McpServerToolType]
[RequiresScope("Azure.Read", AppRole = "Azure.Read.All")]
internal sealed class GetMetricsTool(AzureClient azure, IOptions<AzureOptions> options, TimeProvider time)
{
    private const int MaxMetrics = 20;
    private const int MaxName = 260;
    private const int DefaultPoints = 60;
    private const string WholeRange = "FULL";

    private static readonly string[] s_intervals = ["PT1M", "PT5M", "PT15M", "PT30M", "PT1H", "PT6H", "PT12H", "P1D"];
    private static readonly string[] s_aggregations = ["average", "minimum", "maximum", "total", "count"];

    /// <summary>Reads metrics of a resource.</summary>
    [McpServerTool(
        Name = "get_metrics", Title = "Get Azure metrics", ReadOnly = true, Idempotent = true, Destructive = false, OpenWorld = true,
        UseStructuredContent = true, OutputSchemaType = typeof(GetMetricsResult))]
    [Description("Reads metrics of an Azure resource from Azure Monitor, such as CPU, requests, errors or capacity over time. Get "
        + "resource ids from query_resources. If a metric name is wrong, the error lists the names that the resource has.")]
    public async Task<CallToolResult> GetAsync(
        CloudIdentity cloud,
        IProgress<ProgressNotificationValue> progress,
        [Description("The resource's id: /subscriptions/…/resourceGroups/…/providers/…"),
            StringLength(ResourceId.MaxLength, MinimumLength = 1)] string resource_id,
        [Description("Names of metrics, at most 20, such as Percentage CPU, Requests, Http5xx."),
            MinLength(1), MaxLength(MaxMetrics)] string[] metrics,
        [Description($"The time range: {TimeRange.Rule}."), StringLength(100, MinimumLength = 1)] string timespan = "PT1H",
        [Description("The length of an interval: PT1M, PT5M, PT15M, PT30M, PT1H, PT6H, PT12H, P1D, or FULL for one interval over the "
            + "whole time range. Default: about 60 points. Azure uses the nearest interval that the metric "
            + "supports."), MaxLength(10)] string? interval = null,
        [Description("The values to return: average, minimum, maximum, total, count. Default: the metric's usual "
            + "value."), MaxLength(5)] string[]? aggregations = null,
        [Description("Splits the metrics by dimensions, or selects some values of dimensions: Instance eq '*', or StatusCode eq '500' and "
            + "Region eq '*'. At most 10 series for each metric."), MaxLength(1_000)] string? filter = null,
        [Description("The namespace of the metrics, if the resource has several."), MaxLength(MaxName)] string? metric_namespace = null,
        CancellationToken cancellationToken = default)
    {
        var path = ResourceId.ToPath(resource_id);
        var range = TimeRange.Parse(timespan, time.GetUtcNow(), options.Value.MaxTimeSpan);
        var query = new List<(string Name, string Value)>
        {
            ("api-version", "2023-10-01"),
            ("timespan", range.ToString()),
            ("interval", Interval(interval, range)),
            ("AutoAdjustTimegrain", "true"),
            ("metricnames", string.Join(',', metrics.Select(MetricName))),
        };
        AddOptional(query, "aggregation", string.Join(',', (aggregations ?? []).Select(Aggregation).Distinct()));
        AddOptional(query, "$filter", Printable("filter", filter));
        AddOptional(query, "top", string.IsNullOrWhiteSpace(filter) ? null : "10");
        AddOptional(query, "metricnamespace", Printable("metric_namespace", metric_namespace));
        var call = new AzureCall(
            AzureService.Arm,
            path + "/providers/Microsoft.Insights/metrics",
            "Monitoring Reader",
            "the resource, its resource group or its subscription")
        {
            Query = query,
        };
        var result = await azure.SendAsync(
            call,
            cloud,
            progress,
            (answer, _) => MetricsAnswer.Read(answer, resource_id.Trim(), range, options.Value.MaxRows),
            cancellationToken);
        return ToolResult.Of(result, Render(result));
    }

    private static void AddOptional(List<(string Name, string Value)> query, string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            query.Add((name, value.Trim()));
        }
    }

    // Azure separates the names with commas.
    private static string MetricName(string name) =>
        name.Trim() is { Length: > 0 and <= MaxName } trimmed && !trimmed.Contains(',') && !trimmed.Any(char.IsControl)
            ? trimmed
            : throw new McpException($"metrics: {SafeText.Quote(name)} is not the name of a metric. "
                + "Specify each name as a separate item, with the spelling of Azure Monitor.");

    private static string Interval(string? interval, TimeRange range)
    {
        if (string.IsNullOrWhiteSpace(interval))
        {
            return s_intervals.FirstOrDefault(each => (range.To - range.From) / XmlConvert.ToTimeSpan(each) <= DefaultPoints)
                ?? s_intervals[^1];
        }

        var upper = interval.Trim().ToUpperInvariant();
        return upper == WholeRange || s_intervals.Contains(upper) ? upper
            : throw new McpException($"interval: unknown value {SafeText.Quote(interval)}. Use {string.Join(", ", s_intervals)} or "
                + $"{WholeRange}, or omit it.");
    }

    private static string Aggregation(string? name) =>
        name?.Trim().ToLowerInvariant() is { } lower && s_aggregations.Contains(lower)
            ? lower
            : throw new McpException($"aggregations: unknown value {SafeText.Quote(name ?? "null")}. Use one or more of "
                + $"{string.Join(", ", s_aggregations)}, or omit it.");

    private static string? Printable(string argument, string? text) => text?.Any(char.IsControl) is true
        ? throw new McpException($"{argument}: {SafeText.Quote(text)} has control characters. Remove them.")
        : text;

    private static string Render(GetMetricsResult result)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"From {result.From} to {result.To}, interval {AzureText.Cell(result.Interval)}.\n");
        foreach (var series in result.Series.Where(static each => each.Points.Count > 0))
        {
            text.Append('\n').Append(AzureText.Cell(series.Metric)).Append(" (").Append(AzureText.Cell(series.Unit)).Append(')');
            foreach ((var name, var value) in series.Dimensions ?? new Dictionary<string, string>())
            {
                text.Append(", ").Append(AzureText.Cell(name)).Append(" = ").Append(AzureText.Cell(value));
            }

            text.Append('\n');
            AppendPoints(text, series.Points);
        }

        AzureText.AppendNotes(text, result.Notes);
        return text.ToString().TrimEnd();
    }

    private static void AppendPoints(StringBuilder text, IReadOnlyList<PointResult> points)
    {
        (string Name, Func<PointResult, double?> Value)[] shown = [.. new (string Name, Func<PointResult, double?> Value)[]
        {
            ("average", static point => point.Average),
            ("minimum", static point => point.Minimum),
            ("maximum", static point => point.Maximum),
            ("total", static point => point.Total),
            ("count", static point => point.Count),
        }.Where(each => points.Any(point => each.Value(point) is not null))];
        AzureText.AppendTable(text, ["time", .. shown.Select(static each => each.Name)], points.Select(point =>
            shown.Select(each => each.Value(point)?.ToString("0.####", CultureInfo.InvariantCulture) ?? "").Prepend(point.Time)));
    }
}
