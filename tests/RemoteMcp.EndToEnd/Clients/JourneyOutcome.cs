using System.Text.Json;

namespace RemoteMcp.EndToEnd.Clients;

internal sealed record CallOutcome(bool IsError, string Text);

internal sealed record ProtocolErrorOutcome(int Code, string Message);

/// <summary>What a client saw on its way.</summary>
internal sealed record JourneyOutcome(
    string ProtocolVersion,
    string ServerName,
    IReadOnlyList<string> Tools,
    CallOutcome Call,
    string Resource,
    CallOutcome ToolError,
    ProtocolErrorOutcome ProtocolError,
    IReadOnlyList<double> Progress,
    bool Cancelled,
    CallOutcome AfterCancel)
{
    /// <summary>Reads what tests/clients/journey.mjs wrote.</summary>
    public static JourneyOutcome Parse(string json) => JsonSerializer.Deserialize<JourneyOutcome>(json, JsonSerializerOptions.Web)!;
}
