using System.Text.Json;

namespace RemoteMcp.EndToEnd.Clients;

internal sealed record CallOutcome(bool IsError, string Text);

internal sealed record ProtocolErrorOutcome(int Code, string Message);

/// <summary>The results that a client received on its journey.</summary>
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
    /// <summary>Reads the output of tests/clients/journey.mjs.</summary>
    public static JourneyOutcome Parse(string json) => JsonSerializer.Deserialize<JourneyOutcome>(json, JsonSerializerOptions.Web)!;
}
