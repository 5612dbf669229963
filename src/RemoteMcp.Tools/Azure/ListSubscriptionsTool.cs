using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using System.Web;
using Azure.Core;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authorization;
using RemoteMcp.Auth.OnBehalfOf;
using RemoteMcp.Tools.Shared;

namespace RemoteMcp.Tools.Azure;

/// <summary>A subscription.</summary>
internal sealed record SubscriptionResult(
    [property: Description("The subscription's id, a GUID.")] string Id,
    [property: Description("The subscription's name.")] string Name,
    [property: Description("Enabled, Warned, PastDue, Disabled or Deleted.")] string State,
    [property: Description("The id of the subscription's tenant.")] string? TenantId);

/// <summary>The structured result of the <c>list_subscriptions</c> tool.</summary>
internal sealed record ListSubscriptionsResult(
    [property: Description("The subscriptions of this page.")] IReadOnlyList<SubscriptionResult> Subscriptions)
{
    /// <summary>Gets the cursor of the next page.</summary>
    [Description("The cursor for the next page. Absent on the last page.")]
    public string? NextCursor { get; init; }

    /// <summary>Gets the notes.</summary>
    [Description("Notes about the result.")]
    public IReadOnlyList<string>? Notes { get; init; }
}

/// <summary>
/// Provides the <c>list_subscriptions</c> tool, which lists subscriptions
/// (https://learn.microsoft.com/rest/api/resources/subscriptions/list).
/// </summary>
[McpServerToolType]
[RequiresScope("Azure.Read", AppRole = "Azure.Read.All")]
internal sealed class ListSubscriptionsTool(AzureClient azure, IOptions<AzureOptions> options)
{
    private const string Tool = "list_subscriptions";
    private const string SkipToken = "$skiptoken";

    /// <summary>Lists the subscriptions.</summary>
    [McpServerTool(
        Name = Tool, Title = "List Azure subscriptions", ReadOnly = true, Idempotent = true, Destructive = false, OpenWorld = true,
        UseStructuredContent = true, OutputSchemaType = typeof(ListSubscriptionsResult))]
    [Description("Lists the Azure subscriptions that the other Azure tools can query, with their ids, one page at a time. For their "
        + "resources, use query_resources.")]
    public async Task<CallToolResult> ListAsync(
        CloudIdentity cloud,
        IProgress<ProgressNotificationValue> progress,
        [Description("next_cursor of the previous page."), MaxLength(OpaqueCursor.MaxLength)] string? cursor = null,
        CancellationToken cancellationToken = default)
    {
        var token = OpaqueCursor.Read(cursor, Tool);
        var call = new AzureCall(AzureService.Arm, "/subscriptions", "Reader", "the subscriptions to list")
        {
            Query = [("api-version", "2022-12-01"), .. token is null ? [] : new[] { (SkipToken, token) }],
        };
        var result = await azure.SendAsync(call, cloud, progress, Read, cancellationToken);
        return ToolResult.Of(result, Render(result));
    }

    private ListSubscriptionsResult Read(JsonElement answer, ResponseHeaders headers)
    {
        SubscriptionResult[] subscriptions = [.. answer.GetProperty("value").EnumerateArray().Select(static each => new SubscriptionResult(
            each.GetProperty("subscriptionId").GetString()!,
            each.GetProperty("displayName").GetString()!,
            each.GetProperty("state").GetString()!,
            each.TryGetProperty("tenantId", out var tenant) ? tenant.GetString() : null))];
        var who = options.Value.IsApp ? "the server's managed identity" : "the signed-in user";
        var next = answer.TryGetProperty("nextLink", out var link) ? link.GetString() : null;
        var cursor = OpaqueCursor.Write(TokenIn(next), Tool);
        return new ListSubscriptionsResult(subscriptions)
        {
            NextCursor = cursor,
            Notes = new AzureNotes()
                .Add(!string.IsNullOrEmpty(next) && cursor is null, "There are more subscriptions, but this server does not follow "
                    + "Azure's link to them. To get all of them, use query_resources with the table resourcecontainers.")
                .Add(subscriptions.Length == 0 && string.IsNullOrEmpty(next),
                    $"No subscription is visible: {who} has no role in any. "
                        + "Ask an administrator to assign Reader on a subscription or a management group.")
                .All,
        };
    }

    // Only the token of the link is used. A credential for Azure is sent only to the configured endpoint.
    private static string? TokenIn(string? link) =>
        Uri.TryCreate(link, UriKind.Absolute, out var url) ? HttpUtility.ParseQueryString(url.Query)[SkipToken] : null;

    private static string Render(ListSubscriptionsResult result)
    {
        var text = new StringBuilder();
        if (result.Subscriptions.Count > 0)
        {
            AzureText.AppendTable(
                text,
                ["name", "id", "state"],
                result.Subscriptions.Select(
                    static each => (string[])[AzureText.Cell(each.Name), AzureText.Cell(each.Id), AzureText.Cell(each.State)]));
        }

        AzureText.AppendNotes(text, result.Notes);
        return (result.NextCursor is { } next
            ? text.Append("There are more: call again with cursor ").Append(next).Append('.')
            : text).ToString().TrimEnd();
    }
}
