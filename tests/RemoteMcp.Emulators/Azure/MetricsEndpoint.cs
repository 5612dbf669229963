using System.Globalization;
using System.Xml;
using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Emulators.Azure;

/// <summary>
/// Emulates the metrics of Azure Monitor (https://learn.microsoft.com/rest/api/monitor/metrics/list). Its errors are at the root of the
/// response.
/// </summary>
internal sealed class MetricsEndpoint(AzureCloud cloud)
{
    private const string Suffix = "/providers/Microsoft.Insights/metrics";

    public IResult Handle(HttpContext context, string path, string principal)
    {
        var query = context.Request.Query;
        var id = path.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) ? path[..^Suffix.Length] : path;
        if (!cloud.Has(principal, id, "Monitoring Reader", "Reader"))
        {
            return AzureAnswers.Error(StatusCodes.Status403Forbidden, "AuthorizationFailed",
                $"The client '{principal}' with object id '{principal}' does not have authorization to perform action "
                    + $"'Microsoft.Insights/metrics/read' over scope '{id}' or the scope is invalid.");
        }
        if (cloud.Resources.FirstOrDefault(each => each.Id.Equals(id, StringComparison.OrdinalIgnoreCase)) is not { } resource)
        {
            return AzureAnswers.Error(StatusCodes.Status404NotFound, "ResourceNotFound",
                $"The Resource '{id}' under resource group was not found.");
        }
        var names = query["metricnames"].ToString().Split(',');
        if (names.FirstOrDefault(name => !resource.Metrics.ContainsKey(name)) is { } unknown)
        {
            return AzureAnswers.Json(StatusCodes.Status400BadRequest, new Dictionary<string, object>
            {
                ["code"] = "BadRequest",
                ["message"] = $"Failed to find metric configuration for provider: {resource.Type}, metric: {unknown}, Valid metrics: "
                    + $"{string.Join(',', resource.Metrics.Keys)}",
            });
        }
        return AzureAnswers.Json(StatusCodes.Status200OK, new Dictionary<string, object>
        {
            ["cost"] = 59,
            ["timespan"] = query["timespan"].ToString(),
            ["interval"] = query["interval"].ToString(),
            ["value"] = names.Select(name => Metric(resource, name, query)).ToList(),
            ["namespace"] = resource.Type,
            ["resourceregion"] = resource.Location,
        });
    }

    private static Dictionary<string, object> Metric(AzureResource resource, string name, IQueryCollection query) => new()
    {
        ["id"] = $"{resource.Id}{Suffix}/{name}",
        ["type"] = "Microsoft.Insights/metrics",
        ["name"] = Localizable(name),
        ["unit"] = resource.Metrics[name].Unit,
        ["timeseries"] = query["$filter"].FirstOrDefault() is { } filter
            ? new[] { "0", "1" }.Select(value => Series(resource.Metrics[name], query, filter.Split(' ')[0], value)).ToArray()
            : [Series(resource.Metrics[name], query, null, "")],
        ["errorCode"] = "Success",
    };

    private static Dictionary<string, object> Series(AzureMetric metric, IQueryCollection query, string? dimension, string value)
    {
        var start = DateTimeOffset.Parse(query["timespan"].ToString().Split('/')[0], CultureInfo.InvariantCulture);
        var step = XmlConvert.ToTimeSpan(query["interval"].ToString() is "FULL" ? "PT1H" : query["interval"].ToString());
        var aggregations = (query["aggregation"].FirstOrDefault() ?? "average").Split(',');
        return new()
        {
            ["metadatavalues"] = dimension is null
                ? []
                : new[] { new Dictionary<string, object> { ["name"] = Localizable(dimension), ["value"] = value } },
            ["data"] = metric.Values.Select((measured, index) =>
            {
                var point = new Dictionary<string, object> { ["timeStamp"] = (start + (index * step)).UtcDateTime };
                if (measured is { } number)
                {
                    foreach (var aggregation in aggregations)
                    {
                        point[aggregation] = number;
                    }
                }
                return point;
            }).ToList(),
        };
    }

    private static Dictionary<string, object> Localizable(string name) => new() { ["value"] = name, ["localizedValue"] = name };
}
