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
using RemoteMcp.Tools.Azure.Kql;

namespace RemoteMcp.Tools.Azure;

/// <summary>The structured result of the <c>query_logs</c> tool.</summary>
internal sealed record QueryLogsResult(
    [property: Description("The workspace that was queried.")] string Workspace,
    [property: Description("The start of the time range, UTC.")] string From,
    [property: Description("The end of the time range, UTC.")] string To,
    [property: Description("The columns.")] IReadOnlyList<ColumnResult> Columns,
    [property: Description("The rows, each with a value for every column.")] IReadOnlyList<IReadOnlyList<JsonElement>> Rows,
    [property: Description("Whether the query found more rows than this result has.")] bool Truncated)
{
    /// <summary>Gets the errors that Azure returned together with the rows.</summary>
    [Description("The reason why Azure returned only a part of the result. Sums and counts of these rows are too small.")]
    public string? PartialError { get; init; }

    /// <summary>Gets the notes.</summary>
    [Description("Notes about the result: omitted rows, cut cells.")]
    public IReadOnlyList<string>? Notes { get; init; }
}

/// <summary>
/// Provides the <c>query_logs</c> tool, which queries a Log Analytics workspace
/// (https://learn.microsoft.com/azure/azure-monitor/logs/api/request-format).
/// </summary>
[McpServerToolType]
[RequiresScope("Azure.Read", AppRole = "Azure.Read.All")]
internal sealed class QueryLogsTool(AzureClient azure, IOptions<AzureOptions> options, TimeProvider time)
{
    /// <summary>Queries the logs.</summary>
    [McpServerTool(
        Name = "query_logs", Title = "Query Azure logs", ReadOnly = true, Idempotent = true, Destructive = false, OpenWorld = true,
        UseStructuredContent = true, OutputSchemaType = typeof(QueryLogsResult))]
    [Description("Runs a KQL query in a Log Analytics workspace (logs of Azure Monitor and Application Insights), such as: AppRequests | "
        + "where Success == false | summarize count() by Name | top 20 by count_. "
        + "Searches the last day unless timespan says otherwise. The number of rows in the result is limited, so use summarize or take. "
        + "To find the names of tables: search * | summarize count() by $table.")]
    public async Task<CallToolResult> QueryAsync(
        CloudIdentity cloud,
        IProgress<ProgressNotificationValue> progress,
        [Description("The query in KQL. The server checks it against a grammar: it can use the usual operators, functions and let, but not "
            + "change limits (set …), read data from elsewhere (externaldata, adx …), or call functions saved in the "
            + "workspace with arguments."), StringLength(KqlQuery.MaxLength, MinimumLength = 1)] string query,
        [Description($"The time range: {TimeRange.Rule}."), StringLength(100, MinimumLength = 1)] string timespan = "P1D",
        [Description("The workspace's id, a GUID. Default: the server's default workspace."), MaxLength(64)] string? workspace = null,
        CancellationToken cancellationToken = default)
    {
        var sources = options.Value.IsApp ? KqlSources.Of(options.Value.Workspaces) : KqlSources.OfCaller;
        var kql = KqlQuery.Read(query, sources);
        var id = FindWorkspace(workspace);
        var range = TimeRange.Parse(timespan, time.GetUtcNow(), options.Value.MaxTimeSpan);
        var call = new AzureCall(AzureService.Logs, $"/v1/workspaces/{id}/query", "Log Analytics Reader", $"the workspace {id}")
        {
            Body = new JsonObject { ["query"] = kql, ["timespan"] = range.ToString() },
        };
        var result = await azure.SendAsync(call, cloud, progress, (answer, _) => Read(answer, id, range), cancellationToken);
        return ToolResult.Of(result, Render(result));
    }

    private string FindWorkspace(string? workspace)
    {
        var configured = options.Value.Workspaces;
        if (string.IsNullOrWhiteSpace(workspace))
        {
            return configured is [var first, ..] ? first
                : throw new McpException("workspace: is required. Use the workspace's id, a GUID. To find it, get properties.customerId "
                    + "from query_resources with the query Resources | where type =~ 'microsoft.operationalinsights/workspaces'.");
        }

        var id = GuidArgument.Read("workspace", workspace, "or omit it for the server's default");
        return !options.Value.IsApp || configured.Contains(id, StringComparer.OrdinalIgnoreCase) ? id
            : throw new McpException($"workspace: this server may not query {SafeText.Quote(workspace)}. Use one of "
                + $"{string.Join(", ", configured)}, or omit it for the first.");
    }

    private QueryLogsResult Read(JsonElement answer, string workspace, TimeRange range)
    {
        var tables = answer.GetProperty("tables");
        var table = AzureTable.Read(tables.EnumerateArray().First(), options.Value.MaxRows);
        var partial = answer.TryGetProperty("error", out var error) ? AzureErrors.Message(error) : null;
        return new QueryLogsResult(workspace, TimeRange.Text(range.From), TimeRange.Text(range.To), table.Columns, table.Rows, table.IsCut)
        {
            PartialError = partial,
            Notes = new AzureNotes()
                .Add(table.IsCut, string.Create(CultureInfo.InvariantCulture,
                    $"These are the first {table.Rows.Count} of "
                        + $"{table.Received} rows. There is no next page. Use top, where, or summarize."))
                .Add(tables.GetArrayLength() > 1, $"The query has {tables.GetArrayLength()} results. This is the first one. Query the "
                    + "others one at a time.")
                .AddTable(table)
                .All,
        };
    }

    private static string Render(QueryLogsResult result)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{result.Rows.Count} rows{(result.Truncated ? ", truncated" : "")}, from {result.From} to {result.To}, "
                + $"workspace {result.Workspace}.\n");
        if (result.PartialError is { } error)
        {
            text.Append("PARTIAL RESULT: ").Append(error).Append('\n');
        }

        AzureText.AppendTable(
            text,
            [.. result.Columns.Select(static column => column.Name)],
            result.Rows.Select(static row => row.Select(AzureText.Cell)));
        AzureText.AppendNotes(text, result.Notes);
        return text.ToString().TrimEnd();
    }
}
