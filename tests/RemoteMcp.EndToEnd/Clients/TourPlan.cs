using System.Text.Json;

namespace RemoteMcp.EndToEnd.Clients;

/// <summary>The tools that a client calls in this order. The client reads every page of each result.</summary>
internal sealed record TourPlan(params IReadOnlyList<ToolCall> Calls)
{
    /// <summary>
    /// The resource that the client reads after it has listed all resources. Set both this and <see cref="Prompt"/>, or neither.
    /// </summary>
    public string? Resource { get; init; }

    /// <summary>The prompt that the client gets after it has listed all prompts.</summary>
    public ToolCall? Prompt { get; init; }

    /// <summary>The names of the tools that the client calls.</summary>
    public IEnumerable<string> Tools => Calls.Select(static call => call.Name).Distinct();

    /// <summary>Returns the JSON that tests/clients/tour.mjs reads.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}
