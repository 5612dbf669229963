using System.Net;
using System.Text.Json.Nodes;

namespace RemoteMcp.EndToEnd.Fleet.Chaos;

/// <summary>A call in a session, followed from its first event to its end over as many streams as necessary.</summary>
internal sealed class FollowedCall(FleetClient client, int id, string ticket, string expected, bool cut)
{
    private bool _cut = cut;
    private int _streams;
    private int _progress;
    private HttpStatusCode? _answered;

    public string? LastEventId { get; private set; }

    public override string ToString() => $"stream {_streams}, progress {_progress}, last event {LastEventId}, prompt answered {_answered}";

    /// <summary>Reads one stream of the call.</summary>
    /// <returns>The outcome of the call, or null if the stream ended first and must be resumed.</returns>
    public async Task<(Outcome Outcome, string Detail)?> ReadAsync(HttpResponseMessage response)
    {
        _streams++;
        try
        {
            await foreach (var each in client.ReadAsync(response))
            {
                LastEventId = each.Id ?? LastEventId;
                if (each.Message is { } message && await OnMessageAsync(each, message) is { } end)
                {
                    return end;
                }

                if (_cut && _progress > 0)
                {
                    _cut = false;
                    return null;
                }
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            // The instance was killed.
        }

        return null;
    }

    private async Task<(Outcome Outcome, string Detail)?> OnMessageAsync(FleetEvent each, JsonNode message)
    {
        switch (each.Method)
        {
            case "notifications/progress":
                var progress = (int)message["params"]!["progress"]!;
                return (string?)message["params"]!["message"] == ticket && progress == ++_progress
                    ? null
                    : (Outcome.WrongOrCrossed, $"progress {progress} instead of {_progress}: {message.ToJsonString()}");
            case "elicitation/create":
                return (string?)message["params"]!["message"] == ticket
                    ? await AnswerAsync(each)
                    : (Outcome.WrongOrCrossed, $"prompt: {message.ToJsonString()}");
            case null when each.IsAnswerTo(id):
                return Judge(message);
            default:
                return (Outcome.WrongOrCrossed, $"message: {message.ToJsonString()}");
        }
    }

    private (Outcome Outcome, string Detail) Judge(JsonNode answer)
    {
        if (answer["error"] is { } error)
        {
            return (Outcome.FailedClearly, $"error: {error["message"]}");
        }

        if ((bool?)answer["result"]!["isError"] == true)
        {
            return (Outcome.FailedClearly, $"tool error: {FleetClient.Text(answer)}");
        }

        return FleetClient.Text(answer) == expected
            ? (_streams > 1 ? Outcome.AnsweredAfterResume : Outcome.Answered, "")
            : (Outcome.WrongOrCrossed, $"answer: {FleetClient.Text(answer)}");
    }

    /// <summary>Answers the prompt. If the instance dies meanwhile, answers again on the next instance.</summary>
    private async Task<(Outcome Outcome, string Detail)?> AnswerAsync(FleetEvent prompt)
    {
        for (var tries = 0; tries < 3; tries++)
        {
            try
            {
                _answered = await client.AnswerPromptAsync(null, prompt, ticket);
                switch (_answered)
                {
                    case HttpStatusCode.Accepted or HttpStatusCode.BadRequest:
                        // Refused because the instance that asked is gone. The stream of the call will report that.
                        return null;
                    case HttpStatusCode.NotFound:
                        return (Outcome.SessionLost, "at the answer to a prompt");
                }
            }
            catch (HttpRequestException)
            {
            }
        }

        return (Outcome.FailedClearly, "no instance accepted the answer to a prompt");
    }
}
