using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Emulators.Azure;

/// <summary>
/// Emulates Resource Graph (https://learn.microsoft.com/rest/api/azureresourcegraph/resourcegraph/resources/resources). It does not run
/// queries. A query that begins with <c>Resources</c> returns all resources that the caller can read. A query that contains
/// <c>summarize</c> returns them without the column id.
/// </summary>
internal sealed class ResourceGraphEndpoint(AzureCloud cloud)
{
    private static readonly string[] s_columns = ["id", "name", "type", "location", "subscriptionId"];

    public async Task<IResult> HandleAsync(HttpContext context, string principal)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var query = body.RootElement.GetProperty("query").GetString()!;
        var options = body.RootElement.GetProperty("options");
        cloud.Queries.Enqueue(new AzureQuery(query, null, null));
        context.Response.Headers["x-ms-user-quota-remaining"] = $"{cloud.QuotaRemaining}";
        context.Response.Headers["x-ms-user-quota-resets-after"] = "00:00:05";
        if (!query.StartsWith("Resources", StringComparison.OrdinalIgnoreCase))
        {
            return BadQuery(
                "InvalidQuery",
                "Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error "
                    + "before retrying.",
                query);
        }
        if (FindStart(options, query) is not { } start)
        {
            return BadQuery("InvalidSkipToken", "The provided skip token does not belong to this query.", query);
        }
        var asked = body.RootElement.TryGetProperty("subscriptions", out var ids)
            ? ids.EnumerateArray().Select(static id => id.GetString()!).ToList()
            : null;
        if (asked?.FirstOrDefault(id => !cloud.Has(principal, "/subscriptions/" + id, "Reader")) is { } hidden)
        {
            return AzureAnswers.Error(StatusCodes.Status403Forbidden, "AccessDenied", $"Access to the subscription '{hidden}' is denied.");
        }
        var visible = cloud.Resources
            .Where(each => asked?.Contains(each.SubscriptionId, StringComparer.OrdinalIgnoreCase)
                ?? cloud.Has(principal, each.Id, "Reader"))
            .ToList();
        return Page(query, visible, start, options.GetProperty("$top").GetInt32());
    }

    private static IResult Page(string query, List<AzureResource> visible, int start, int top)
    {
        var hasId = !query.Contains("summarize", StringComparison.OrdinalIgnoreCase);
        var rows = visible.Skip(start).Take(top).Select(each => Row(each)[(hasId ? 0 : 1)..]).ToList();
        var more = start + rows.Count < visible.Count;
        var answer = new Dictionary<string, object>
        {
            ["totalRecords"] = visible.Count,
            ["count"] = rows.Count,
            ["data"] = new Dictionary<string, object>
            {
                ["columns"] = s_columns[(hasId ? 0 : 1)..]
                    .Select(static name => new Dictionary<string, object> { ["name"] = name, ["type"] = "string" })
                    .ToList(),
                ["rows"] = rows,
            },
            ["facets"] = Array.Empty<object>(),
            ["resultTruncated"] = more && !hasId ? "true" : "false",
        };
        if (more && hasId)
        {
            answer["$skipToken"] = Token(query, start + rows.Count);
        }
        return AzureAnswers.Json(StatusCodes.Status200OK, answer);
    }

    private static string[] Row(AzureResource each) => [each.Id, each.Name, each.Type, each.Location, each.SubscriptionId];

    private static int? FindStart(JsonElement options, string query)
    {
        if (!options.TryGetProperty("$skipToken", out var given))
        {
            return 0;
        }
        var parts = given.GetString()!.Split('.');
        return parts.Length == 2 && int.TryParse(parts[1], out var start) && given.GetString() == Token(query, start) ? start : null;
    }

    private static string Token(string query, int start) =>
        $"{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(query)))[..16]}.{start}";

    private static IResult BadQuery(string code, string message, string query) => AzureAnswers.Error(
        StatusCodes.Status400BadRequest,
        "BadRequest",
        $"Please provide below info when asking for support: timestamp = {DateTimeOffset.UnixEpoch:O}, correlationId = {Guid.Empty}.",
        new Dictionary<string, object> { ["code"] = code, ["message"] = message },
        new Dictionary<string, object>
        {
            ["code"] = "ParserFailure",
            ["message"] = "ParserFailure",
            ["line"] = 1,
            ["characterPositionInLine"] = 0,
            ["token"] = query.Split(' ')[0],
            ["expectedToken"] = "Ǐ",
        });
}
