using System.Text.Json;

namespace RemoteMcp.EndToEnd.Clients;

internal sealed record ToolCall(string Name, IReadOnlyDictionary<string, object?> Arguments)
{
    public static ToolCall Of(string name, params (string Name, object? Value)[] arguments) =>
        new(name, arguments.ToDictionary(argument => argument.Name, argument => argument.Value));
}

/// <summary>What a client calls on its way: list, call, read, fail, follow progress, cancel, and go on afterwards.</summary>
internal sealed record JourneyPlan(
    ToolCall Call, string Resource, ToolCall ToolError, ToolCall Progress, ToolCall Cancel, ToolCall AfterCancel)
{
    /// <summary>Called on every journey, served by nobody.</summary>
    public const string UnknownTool = "no_such_tool";

    /// <summary>The form that tests/clients/journey.mjs reads.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}
