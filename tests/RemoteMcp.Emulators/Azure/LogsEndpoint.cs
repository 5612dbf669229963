using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Emulators.Azure;

/// <summary>
/// Emulates the Log Analytics query API (https://learn.microsoft.com/azure/azure-monitor/logs/api/request-format and response-format).
/// </summary>
internal sealed partial class LogsEndpoint(AzureCloud cloud)
{
    public async Task<IResult> HandleAsync(HttpContext context, string id, string principal)
    {
        if (!cloud.Workspaces.TryGetValue(id, out var workspace))
        {
            return AzureAnswers.Error(StatusCodes.Status404NotFound, "WorkspaceNotFoundError", "The workspace could not be found");
        }
        if (!cloud.Has(principal, id, "Log Analytics Reader", "Reader"))
        {
            return AzureAnswers.Error(StatusCodes.Status403Forbidden, "InsufficientAccessError",
                "The provided credentials have insufficient access to perform the requested operation");
        }
        using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var query = body.RootElement.GetProperty("query").GetString()!;
        cloud.Queries.Enqueue(
            new AzureQuery(query, body.RootElement.GetProperty("timespan").GetString(), context.Request.Headers["Prefer"]));
        var name = FirstName().Match(query).Value;
        return workspace.Tables.TryGetValue(name, out var table) ? Results.Json(Answer(table, workspace.PartialError)) : Unknown(name);
    }

    private static Dictionary<string, object> Answer(AzureLogTable table, string? partialError)
    {
        var answer = new Dictionary<string, object>
        {
            ["tables"] = new[]
            {
                new Dictionary<string, object>
                {
                    ["name"] = "PrimaryResult",
                    ["columns"] = table.Columns
                        .Select(static column => new Dictionary<string, object> { ["name"] = column.Name, ["type"] = column.Type })
                        .ToList(),
                    ["rows"] = table.Rows,
                },
            },
        };
        if (partialError is not null)
        {
            answer["error"] = new Dictionary<string, object>
            {
                ["code"] = "PartialError",
                ["message"] = "There were some errors when processing your query.",
                ["details"] = new[]
                {
                    new Dictionary<string, object>
                    {
                        ["code"] = "EngineError",
                        ["message"] = "Something went wrong processing your query on the server.",
                        ["innererror"] = new Dictionary<string, object>
                        {
                            ["code"] = "-2133196797",
                            ["message"] = partialError,
                            ["severity"] = 2,
                            ["severityName"] = "Error",
                        },
                    },
                },
            };
        }
        return answer;
    }

    private static IResult Unknown(string name) => AzureAnswers.Json(StatusCodes.Status400BadRequest, new Dictionary<string, object>
    {
        ["error"] = new Dictionary<string, object>
        {
            ["message"] = "The request had some invalid properties",
            ["code"] = "BadArgumentError",
            ["correlationId"] = Guid.Empty,
            ["innererror"] = new Dictionary<string, object>
            {
                ["code"] = "SemanticError",
                ["message"] = "A semantic error occurred.",
                ["innererror"] = new Dictionary<string, object>
                {
                    ["code"] = "SEM0100",
                    ["message"] = $"'where' operator: Failed to resolve table or column expression named '{name}'",
                },
            },
        },
    });

    [GeneratedRegex(@"\w+")]
    private static partial Regex FirstName();
}
