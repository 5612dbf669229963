using System.Text.Json;
using System.Text.Json.Serialization;

namespace RemoteMcp.Elicitation;

/// <summary>The content of a sealed <c>requestState</c>: the answers so far, the open question, and the tool's own state.</summary>
internal sealed class Conversation
{
    /// <summary>Gets or sets the id of the call. It is the same in all rounds of one call, and different for every other call.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; set; }

    /// <summary>Gets or sets the number of times that the client has been asked.</summary>
    [JsonPropertyName("round")]
    public int Round { get; set; }

    /// <summary>Gets or sets the request state of a tool that throws <c>InputRequiredException</c> itself.</summary>
    [JsonPropertyName("own")]
    public string? ToolState { get; set; }

    /// <summary>Gets the answers, in the order of the questions.</summary>
    [JsonPropertyName("answers")]
    public List<Reply> Answers { get; init; } = [];

    /// <summary>Gets or sets the fingerprint of the open question. Answers to other questions are ignored.</summary>
    [JsonPropertyName("openQuestion")]
    public string? OpenQuestion { get; set; }

    /// <summary>Gets or sets the number of invalid answers to the open question.</summary>
    [JsonPropertyName("invalidAnswers")]
    public int InvalidAnswers { get; set; }
}

/// <summary>The user's response to a question.</summary>
/// <param name="Question">The fingerprint of the question.</param>
/// <param name="Kind">The kind of the response.</param>
/// <param name="Content">The fields of the form, or <see langword="null"/> if the user did not accept it.</param>
internal sealed record Reply(
    [property: JsonPropertyName("q")] string Question,
    [property: JsonPropertyName("kind")] AnswerKind Kind,
    [property: JsonPropertyName("content")] Dictionary<string, JsonElement>? Content);

[JsonSerializable(typeof(Conversation))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class ConversationJson : JsonSerializerContext;
