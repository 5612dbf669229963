using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authorization;
using RemoteMcp.Auth.OnBehalfOf;
using RemoteMcp.ToolCalls;
using RemoteMcp.Tools.Azure.Kql;

namespace RemoteMcp.Tools.Azure;

/// <summary>The structured result of the <c>query_logs</c> tool.</summary>
internal sealed record QueryLogsResult(
    [property: Description("The workspace that was asked.")] string Workspace,
    [property: Description("The start of the time that was looked at, UTC.")] string From,
    [property: Description("Its end.")] string To,
    [property: Description("The columns.")] IReadOnlyList<ColumnResult> Columns,
    [property: Description("The rows, each with a value for every column.")] IReadOnlyList<IReadOnlyList<JsonElement>> Rows,
    [property: Description("Whether the query found more rows than there are in this answer.")] bool Truncated)
{
    /// <summary>Gets the errors that Azure returned together with the rows.</summary>
    [Description("Azure answered in part only, and why: sums and counts of these rows are too small.")]
    public string? PartialError { get; init; }

    /// <summary>Gets the notes.</summary>
    [Description("What else is to be known of the answer: rows and cells that were cut.")]
    public IReadOnlyList<string>? Notes { get; init; }
}

/// <summary>
/// Provides the <c>query_logs</c> tool, which queries a Log Analytics workspace
/// (https://learn.microsoft.com/azure/azure-monitor/logs/api/request-format).
/// </summary>
[McpServerToolType]
[RequiresScope("Azure.Read", AppRole = "Azure.Read.All")]
internal sealed class QueryLogsTool(AzureClient azure, IOptions<AzureOptions> options, TimeProvider clock)
{
    /// <summary>Queries the logs.</summary>
    [McpServerTool(Name = "query_logs", Title = "Query Azure logs", ReadOnly = true, Idempotent = true, Destructive = false, OpenWorld = true,
        UseStructuredContent = true, OutputSchemaType = typeof(QueryLogsResult))]
    [Description("Asks a Log Analytics workspace (logs of Azure Monitor and Application Insights) with a KQL query such as: AppRequests | where Success == false | summarize count() by Name | top 20 by count_. "
        + "Looks at the last day unless timespan says otherwise. The answer has a limited number of rows: summarize or take what is needed. Unknown tables: search * | summarize count() by $table.")]
    public async Task<CallToolResult> QueryAsync(
        CloudIdentity cloud,
        IProgress<ProgressNotificationValue> progress,
        [Description("The query in KQL. It cannot lift limits (set …) or fetch data from elsewhere (externaldata, adx …)."), StringLength(KqlQuery.MaxLength, MinimumLength = 1)] string query,
        [Description($"Which time: {TimeRange.Rule}."), StringLength(100, MinimumLength = 1)] string timespan = "P1D",
        [Description("The workspace's id, a GUID; the server's default when left out."), MaxLength(64)] string? workspace = null,
        CancellationToken cancellationToken = default)
    {
        string kql = KqlQuery.Read(query);
        string id = FindWorkspace(workspace);
        TimeRange range = TimeRange.Parse(timespan, clock.GetUtcNow(), options.Value.MaxTimeSpan);
        KqlReach.Check(kql, options.Value.IsApp ? options.Value.Workspaces : null);
        var call = new AzureCall(AzureService.Logs, $"/v1/workspaces/{id}/query", "Log Analytics Reader", $"the workspace {id}")
        {
            Body = new JsonObject { ["query"] = kql, ["timespan"] = range.ToString() },
        };
        QueryLogsResult result = await azure.SendAsync(call, cloud, progress, (answer, _) => Read(answer, id, range), cancellationToken);
        return ToolResult.Of(result, Render(result));
    }

    private string FindWorkspace(string? workspace)
    {
        IReadOnlyList<string> configured = options.Value.Workspaces;
        if (string.IsNullOrWhiteSpace(workspace))
        {
            return configured is [var first, ..] ? first
                : throw new McpException("workspace: is required. Give the workspace's id, a GUID: properties.customerId in query_resources with the query Resources | where type =~ 'microsoft.operationalinsights/workspaces'.");
        }

        string id = GuidArgument.Read("workspace", workspace, "or leave it out for the server's default");
        return !options.Value.IsApp || configured.Contains(id, StringComparer.OrdinalIgnoreCase) ? id
            : throw new McpException($"workspace: {SafeText.Quote(workspace)} is not one that this server may ask. It may ask {string.Join(", ", configured)}; leave it out for the first.");
    }

    private QueryLogsResult Read(JsonElement answer, string workspace, TimeRange range)
    {
        JsonElement tables = answer.GetProperty("tables");
        AzureTable table = AzureTable.Read(tables.EnumerateArray().First(), options.Value.MaxRows);
        string? partial = answer.TryGetProperty("error", out JsonElement error) ? AzureRefusal.Message(error) : null;
        return new QueryLogsResult(workspace, TimeRange.Text(range.From), TimeRange.Text(range.To), table.Columns, table.Rows, table.IsCut)
        {
            PartialError = partial,
            Notes = new AzureNotes()
                .Add(table.IsCut, string.Create(CultureInfo.InvariantCulture,
                    $"These are the first {table.Rows.Count} of {table.Received} rows. Order them and take the top, filter, or summarize; there is no next page."))
                .Add(tables.GetArrayLength() > 1, $"The query has {tables.GetArrayLength()} results, of which this is the first. Ask for the others one at a time.")
                .AddTable(table)
                .All,
        };
    }

    private static string Render(QueryLogsResult result)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{result.Rows.Count} rows{(result.Truncated ? ", truncated" : "")}, from {result.From} to {result.To}, workspace {result.Workspace}.\n");
        if (result.PartialError is { } error)
        {
            text.Append("PARTIAL RESULT: ").Append(error).Append('\n');
        }

        AzureText.AppendTable(text, [.. result.Columns.Select(static column => column.Name)], result.Rows.Select(static row => row.Select(AzureText.Cell)));
        AzureText.AppendNotes(text, result.Notes);
        return text.ToString().TrimEnd();
    }
}
