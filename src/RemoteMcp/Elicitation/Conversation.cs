using System.Text.Json;
using System.Text.Json.Serialization;

namespace RemoteMcp.Elicitation;

/// <summary>What is sealed into a <c>requestState</c>: the answers so far, what was asked last, and a tool's own state.</summary>
internal sealed class Conversation
{
    /// <summary>The same in all rounds of one call, and for no other call.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; set; }

    /// <summary>How often the client has been asked.</summary>
    [JsonPropertyName("round")]
    public int Round { get; set; }

    /// <summary>What a tool that throws <c>InputRequiredException</c> itself wants back.</summary>
    [JsonPropertyName("own")]
    public string? ToolState { get; set; }

    /// <summary>The answers, in the order of the questions.</summary>
    [JsonPropertyName("answers")]
    public List<Reply> Answers { get; init; } = [];

    /// <summary>The fingerprint of the question that is open; the answer to any other is none of ours.</summary>
    [JsonPropertyName("asked")]
    public string? Asked { get; set; }

    /// <summary>How many answers to the open question did not fit.</summary>
    [JsonPropertyName("misfits")]
    public int InvalidAnswers { get; set; }
}

/// <summary>How the user reacted to a question.</summary>
/// <param name="Question">The question's fingerprint.</param>
/// <param name="Kind">The reaction.</param>
/// <param name="Content">A form's fields, of an accepted form.</param>
internal sealed record Reply(
    [property: JsonPropertyName("q")] string Question,
    [property: JsonPropertyName("kind")] AnswerKind Kind,
    [property: JsonPropertyName("content")] Dictionary<string, JsonElement>? Content);

[JsonSerializable(typeof(Conversation))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class ConversationJson : JsonSerializerContext;
