using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Emulators.Azure;

/// <summary>Creates errors in the formats of Azure's services.</summary>
internal static class AzureAnswers
{
    /// <summary>An error in the format of Resource Manager (https://learn.microsoft.com/rest/api/azure/#error-response).</summary>
    public static IResult Error(int status, string code, string message, params object[] details)
    {
        var error = new Dictionary<string, object> { ["code"] = code, ["message"] = message };
        if (details.Length > 0)
        {
            error["details"] = details;
        }
        return Json(status, new Dictionary<string, object> { ["error"] = error });
    }

    public static IResult Json(int status, Dictionary<string, object> body) => Results.Json(body, statusCode: status);
}
