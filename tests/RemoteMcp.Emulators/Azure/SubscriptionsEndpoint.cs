using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Emulators.Azure;

/// <summary>
/// Lists the subscriptions in which the caller has a role (https://learn.microsoft.com/rest/api/resources/subscriptions/list).
/// </summary>
internal sealed class SubscriptionsEndpoint(AzureCloud cloud, EmulatorAddresses addresses)
{
    public IResult Handle(HttpContext context, string principal)
    {
        var query = context.Request.Query;
        if (query["api-version"] != "2022-12-01")
        {
            return AzureAnswers.Error(StatusCodes.Status400BadRequest, "InvalidApiVersionParameter",
                $"The api-version '{query["api-version"]}' is invalid.");
        }
        var start = 0;
        if (query["$skiptoken"].FirstOrDefault() is { } token
            && !int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out start))
        {
            return AzureAnswers.Error(StatusCodes.Status400BadRequest, "InvalidSkipToken", $"The skip token '{token}' is invalid.");
        }
        var visible = cloud.Subscriptions
            .Where(each => cloud.Has(principal, "/subscriptions/" + each.Id, "Reader", "Monitoring Reader"))
            .ToList();
        var page = visible.Skip(start).Take(cloud.SubscriptionsPerPage).Select(static each => new Dictionary<string, object>
        {
            ["id"] = "/subscriptions/" + each.Id,
            ["authorizationSource"] = "RoleBased",
            ["subscriptionId"] = each.Id,
            ["tenantId"] = each.TenantId,
            ["displayName"] = each.Name,
            ["state"] = each.State,
        }).ToList();
        var answer = new Dictionary<string, object>
        {
            ["value"] = page,
            ["count"] = new Dictionary<string, object> { ["type"] = "Total", ["value"] = visible.Count },
        };
        var next = start + page.Count;
        if (next < visible.Count)
        {
            answer["nextLink"] = $"{addresses.Arm}subscriptions?api-version=2022-12-01&%24skiptoken={next}";
        }
        context.Response.Headers["x-ms-ratelimit-remaining-tenant-reads"] = "11999";
        return AzureAnswers.Json(StatusCodes.Status200OK, answer);
    }
}
