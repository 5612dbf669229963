using System.Text.Json;

namespace RemoteMcp.EndToEnd.Clients;

internal sealed record ToolCall(string Name, IReadOnlyDictionary<string, object?> Arguments)
{
    public static ToolCall Of(string name, params (string Name, object? Value)[] arguments) =>
        new(name, arguments.ToDictionary(argument => argument.Name, argument => argument.Value));
}

/// <summary>
/// The steps of a client: list the tools, call a tool, read a resource, get an error, follow progress, cancel a call, and make another
/// call.
/// </summary>
internal sealed record JourneyPlan(
    ToolCall Call, string Resource, ToolCall ToolError, ToolCall Progress, ToolCall Cancel, ToolCall AfterCancel)
{
    /// <summary>A tool that no server has. Every journey calls it.</summary>
    public const string UnknownTool = "no_such_tool";

    /// <summary>Returns the JSON that tests/clients/journey.mjs reads.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}
