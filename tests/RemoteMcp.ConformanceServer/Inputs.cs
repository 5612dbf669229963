using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace RemoteMcp.ConformanceServer;

/// <summary>Requests input in the response to a request, and reads it from the retry (multi-round-trip requests, SEP-2322).</summary>
internal static class Inputs
{
    /// <summary>Asks the user for one value of the type that <paramref name="schema"/> describes.</summary>
    public static InputRequest Form(string message, string field, ElicitRequestParams.PrimitiveSchemaDefinition schema) =>
        InputRequest.ForElicitation(new()
        {
            Message = message,
            RequestedSchema = new()
            {
                Properties = new Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition> { [field] = schema },
                Required = [field],
            },
        });

    public static InputRequest Text(string message, string field) => Form(message, field, new ElicitRequestParams.StringSchema());

    public static InputRequest Confirmation => Form("Please confirm", "ok", new ElicitRequestParams.BooleanSchema());

    public static InputRequest Completion(string prompt, int maxTokens) => InputRequest.ForSampling(new()
    {
        Messages = [new SamplingMessage { Role = Role.User, Content = [new TextContentBlock { Text = prompt }] }],
        MaxTokens = maxTokens,
    });

    public static InputRequest Roots => InputRequest.ForRootsList(new ListRootsRequestParams());

    /// <summary>Ends the round. The client collects the inputs and sends the request again.</summary>
    public static InputRequiredException Require(string key, InputRequest request, string? state = null) =>
        new(new Dictionary<string, InputRequest> { [key] = request }, state);

    /// <summary>Reads the response to <paramref name="key"/>. Returns false if the client sent none.</summary>
    /// <exception cref="McpProtocolException">The response does not have the form of its kind.</exception>
    public static bool TryGet<T>(
        this IDictionary<string, InputResponse>? responses, string key, JsonTypeInfo<T> type, [NotNullWhen(true)] out T? answer)
        where T : class
    {
        answer = null;
        if (responses is null || !responses.TryGetValue(key, out var response))
        {
            return false;
        }

        try
        {
            answer = response.Deserialize(type);
        }
        catch (JsonException)
        {
        }

        return answer is not null ? true : throw new McpProtocolException(
            $"inputResponses['{key}'] is not a valid {typeof(T).Name}.", McpErrorCode.InvalidParams);
    }

    /// <summary>Reads the field of a form. Returns null if the user declined or left the field empty.</summary>
    public static string? Field(this ElicitResult answer, string field) =>
        answer.Content is { } content && content.TryGetValue(field, out var value) ? value.ToString() : null;
}
