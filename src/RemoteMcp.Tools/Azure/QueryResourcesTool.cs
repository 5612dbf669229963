using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Core;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authorization;
using RemoteMcp.Auth.OnBehalfOf;
using RemoteMcp.Tools.Azure.Kql;
using RemoteMcp.Tools.Shared;

namespace RemoteMcp.Tools.Azure;

/// <summary>The structured result of the <c>query_resources</c> tool.</summary>
internal sealed record QueryResourcesResult(
    [property: Description("The columns.")] IReadOnlyList<ColumnResult> Columns,
    [property: Description("The rows of this page, each with a value for every column.")] IReadOnlyList<IReadOnlyList<JsonElement>> Rows,
    [property: Description("The number of rows on all pages.")] long Total)
{
    /// <summary>Gets the cursor of the next page.</summary>
    [Description("The cursor for the next page. Use it with the same arguments. Absent on the last page.")]
    public string? NextCursor { get; init; }

    /// <summary>Gets the notes.</summary>
    [Description("Notes about the result: cut cells, missing rows, quotas.")]
    public IReadOnlyList<string>? Notes { get; init; }
}

/// <summary>
/// Provides the <c>query_resources</c> tool, which queries Azure Resource Graph
/// (https://learn.microsoft.com/rest/api/azureresourcegraph/resourcegraph/resources/resources).
/// </summary>
[McpServerToolType]
[RequiresScope("Azure.Read", AppRole = "Azure.Read.All")]
internal sealed class QueryResourcesTool(AzureClient azure, IOptions<AzureOptions> options)
{
    private const string Tool = "query_resources";
    private const int MaxSubscriptions = 100;

    /// <summary>The maximum number of rows that Resource Graph returns on a page.</summary>
    private const int MaxPage = 1_000;

    /// <summary>Queries the resources.</summary>
    [McpServerTool(Name = Tool, Title = "Query Azure resources", ReadOnly = true, Idempotent = true, Destructive = false, OpenWorld = true,
        UseStructuredContent = true, OutputSchemaType = typeof(QueryResourcesResult))]
    [Description("Runs a KQL query in Azure Resource Graph about resources, their properties, tags and changes, such as: Resources | "
        + "where type =~ 'microsoft.web/sites' | project id, name, location | order by id asc. "
        + "Returns one page at a time. Pages need the column id. Other tables: resourcecontainers, advisorresources, healthresources, "
        + "policyresources, resourcechanges.")]
    public async Task<CallToolResult> QueryAsync(
        CloudIdentity cloud,
        IProgress<ProgressNotificationValue> progress,
        [Description("The query, in the subset of KQL that Resource "
            + "Graph supports."), StringLength(KqlQuery.MaxLength, MinimumLength = 1)] string query,
        [Description("Ids of the subscriptions to query, at most 100. Default: all visible subscriptions. Get the ids from "
            + "list_subscriptions."), MaxLength(MaxSubscriptions)] string[]? subscriptions = null,
        [Description("next_cursor of the previous page."), MaxLength(OpaqueCursor.MaxLength)] string? cursor = null,
        CancellationToken cancellationToken = default)
    {
        var kql = KqlQuery.Read(query, KqlSources.None);
        string[] ids = [.. (subscriptions ?? [])
            .Select(static id => GuidArgument.Read("subscriptions", id, "as in the result of list_subscriptions"))
            .Distinct()
            .Order(StringComparer.Ordinal)];
        string[] request = [Tool, kql, .. ids];
        var start = PageStart.Parse(OpaqueCursor.Read(cursor, request));
        var result = await azure.SendAsync(
            CreateCall(kql, ids, start.Token),
            cloud,
            progress,
            (answer, headers) => Read(answer, headers, start, request),
            cancellationToken);
        return ToolResult.Of(result, Render(result));
    }

    private AzureCall CreateCall(string query, string[] subscriptions, string token)
    {
        var page = new JsonObject { ["$top"] = Math.Min(options.Value.MaxRows, MaxPage), ["resultFormat"] = "table" };
        if (token.Length > 0)
        {
            page["$skipToken"] = token;
        }

        var body = new JsonObject { ["query"] = query, ["options"] = page };
        if (subscriptions.Length > 0)
        {
            body["subscriptions"] = new JsonArray([.. subscriptions.Select(static id => (JsonNode)id)]);
        }

        return new AzureCall(
            AzureService.Arm,
            "/providers/Microsoft.ResourceGraph/resources",
            "Reader",
            subscriptions.Length == 0 ? "the queried subscriptions" : "each of the subscriptions")
        {
            Query = [("api-version", "2022-10-01")],
            Body = body,
        };
    }

    private static QueryResourcesResult Read(JsonElement answer, ResponseHeaders headers, PageStart start, string[] request)
    {
        var table = AzureTable.Read(answer.GetProperty("data"), MaxPage, start.Skip);
        var token = answer.TryGetProperty("$skipToken", out var skip) ? skip.GetString() : null;
        var incomplete = answer.TryGetProperty("resultTruncated", out var truncated)
            && truncated.ValueKind == JsonValueKind.String
            && truncated.ValueEquals("true")
            && token is null;
        // Rows of Azure's page that did not fit are requested again.
        var next = table.IsCut ? start with { Skip = start.Skip + table.Rows.Count } : token is null ? null : new PageStart(0, token);
        var cursor = OpaqueCursor.Write(next?.ToString(), request);
        return new QueryResourcesResult(table.Columns, table.Rows, answer.GetProperty("totalRecords").GetInt64())
        {
            NextCursor = cursor,
            Notes = new AzureNotes()
                .Add(next is not null && cursor is null, "There are more rows, but Azure's token for the next page is too long to return. "
                    + "Ask for less: specify subscriptions, filter, or summarize.")
                .Add(incomplete, "Rows are missing, and there is no next page: Azure pages only results that have the column id. "
                    + "Add it to project, or summarize.")
                .Add(table.IsCut, $"The rows are long, and only {table.Rows.Count} fit into this page. Project fewer columns to get more "
                    + "rows on each page.")
                .Add(
                    headers.TryGetValue("x-ms-tenant-subscription-limit-hit", out var hit) && hit == "true",
                    "Only the first 10,000 subscriptions were queried. To query others, specify subscriptions.")
                .AddTable(table)
                .AddQuota(headers)
                .All,
        };
    }

    private static string Render(QueryResourcesResult result)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{result.Rows.Count} of {result.Total} rows.\n");
        if (result.Rows.Count > 0)
        {
            AzureText.AppendTable(
                text,
                [.. result.Columns.Select(static column => column.Name)],
                result.Rows.Select(static row => row.Select(AzureText.Cell)));
        }
        else
        {
            text.Append("No visible resource matches the query. Use list_subscriptions to see the visible subscriptions.\n");
        }

        AzureText.AppendNotes(text, result.Notes);
        return (result.NextCursor is { } next
            ? text.Append("There are more: call again with the same arguments and cursor ").Append(next).Append('.')
            : text).ToString().TrimEnd();
    }

    /// <summary>
    /// The position where a page of this tool starts: a token for a page of Azure, and the number of rows to skip on that page. The token
    /// of the first page is empty.
    /// </summary>
    private sealed record PageStart(int Skip, string Token)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Skip}:{Token}");

        public static PageStart Parse(string? text) => text is null ? new(0, "")
            : text.Split(':', 2) is [var skip, var token]
                && int.TryParse(skip, NumberStyles.None, CultureInfo.InvariantCulture, out var rows)
                ? new(rows, token)
            : throw OpaqueCursor.Invalid();
    }
}
