using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace RemoteMcp.Elicitation;

/// <summary>Reads and validates a client's response to a question. Fields that the question did not ask for are left out.</summary>
internal static class ReplyReader
{
    /// <returns>The problem, as a message for the user, or <see langword="null"/> if <paramref name="reply"/> was read.</returns>
    public static string? TryRead(
        InputResponse? response, Question question, Func<Dictionary<string, JsonElement>, string?> check, out Reply? reply)
    {
        reply = null;
        if (ParseResult(response) is not { } result)
        {
            return "The answer could not be read.";
        }

        switch (result.Action)
        {
            case "decline":
                reply = new Reply(question.Fingerprint, AnswerKind.Declined, null);
                return null;
            case "cancel":
                reply = new Reply(question.Fingerprint, AnswerKind.Cancelled, null);
                return null;
            case "accept":
                var fields = RequestedFields(question.Params.RequestedSchema, result.Content);
                var error = check(fields);
                reply = error is null ? new Reply(question.Fingerprint, AnswerKind.Accepted, fields) : null;
                return error;
            default:
                return "The answer must be 'accept', 'decline', or 'cancel'.";
        }
    }

    private static ElicitResult? ParseResult(InputResponse? response)
    {
        try
        {
            // A client can send null. Without the property 'action', the SDK's type would be read as a cancellation.
            return response?.RawValue.ValueKind == JsonValueKind.Object && response.RawValue.TryGetProperty("action", out _)
                ? response.Deserialize(InputResponse.ElicitResultJsonTypeInfo)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Returns the fields that the form has. Some clients send null for a field that the user left empty.
    private static Dictionary<string, JsonElement> RequestedFields(
        ElicitRequestParams.RequestSchema? schema, IDictionary<string, JsonElement>? content) =>
        (content ?? new Dictionary<string, JsonElement>())
            .Where(field => schema?.Properties.ContainsKey(field.Key) is true && field.Value.ValueKind != JsonValueKind.Null)
            .ToDictionary(StringComparer.Ordinal);
}
