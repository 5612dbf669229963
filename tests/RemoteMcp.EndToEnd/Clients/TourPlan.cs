using System.Text.Json;

namespace RemoteMcp.EndToEnd.Clients;

/// <summary>What a client calls, in this order, each to its last page.</summary>
internal sealed record TourPlan(params IReadOnlyList<ToolCall> Calls)
{
    /// <summary>The resource that it reads after listing all; together with <see cref="Prompt"/>, or neither.</summary>
    public string? Resource { get; init; }

    /// <summary>The prompt that it gets after listing all.</summary>
    public ToolCall? Prompt { get; init; }

    /// <summary>The tools that it calls.</summary>
    public IEnumerable<string> Tools => Calls.Select(static call => call.Name).Distinct();

    /// <summary>The form that tests/clients/tour.mjs reads.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}
