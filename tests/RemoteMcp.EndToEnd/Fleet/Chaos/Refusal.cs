using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RemoteMcp.EndToEnd.Fleet.Chaos;

/// <summary>Judges an error response: whether the client can tell the cause and what to do.</summary>
internal static class Refusal
{
    public static async Task<(Outcome Outcome, string Detail)> JudgeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (response.StatusCode == HttpStatusCode.BadGateway)
        {
            // This response comes from the balancer: the instance is gone.
            return (Outcome.Disconnected, $"{status}");
        }

        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        if (Message(body) is not { Length: > 0 } message)
        {
            return (Outcome.FailedUnclearly, $"{status} without a JSON-RPC error: {body}");
        }

        return response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter?.Delta is null
            ? (Outcome.FailedUnclearly, $"{status} without Retry-After: {message}")
            : (Outcome.FailedClearly, $"{status} {message}");
    }

    private static string? Message(string body)
    {
        try
        {
            return JsonNode.Parse(body)?["error"]?["message"]?.GetValue<string>();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
