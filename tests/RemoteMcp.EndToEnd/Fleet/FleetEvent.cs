using System.Text.Json.Nodes;

namespace RemoteMcp.EndToEnd.Fleet;

/// <summary>An event of a stream. <paramref name="Message"/> is null for an event without data.</summary>
internal sealed record FleetEvent(string? Id, JsonNode? Message)
{
    public string? Method => (string?)Message?["method"];

    public bool IsAnswerTo(int id) => Message is not null && Method is null && Message["id"]?.ToJsonString() == $"{id}";
}

internal static class FleetEvents
{
    /// <summary>Reads events until one matches.</summary>
    /// <exception cref="InvalidOperationException">The stream ended before a matching event arrived.</exception>
    public static async Task<FleetEvent> NextAsync(this IAsyncEnumerator<FleetEvent> events, Func<FleetEvent, bool> wanted)
    {
        while (await events.MoveNextAsync())
        {
            if (wanted(events.Current))
            {
                return events.Current;
            }
        }

        throw new InvalidOperationException("The stream ended before the expected event arrived.");
    }

    /// <summary>Reads events until a notification or request with this method arrives.</summary>
    public static Task<FleetEvent> NextAsync(this IAsyncEnumerator<FleetEvent> events, string method) =>
        events.NextAsync(each => each.Method == method);

    /// <summary>Reads events until the response to a request arrives.</summary>
    public static async Task<JsonNode> NextAnswerAsync(this IAsyncEnumerator<FleetEvent> events, int id) =>
        (await events.NextAsync(each => each.IsAnswerTo(id))).Message!;
}
