using System.Text.Json.Serialization;

namespace RemoteMcp.Fleet;

/// <summary>What one instance asks of another.</summary>
internal enum InboxKind
{
    /// <summary>Hand a client's JSON-RPC message to the session's transport here.</summary>
    Deliver,

    /// <summary>The session ended: let go of it.</summary>
    SessionEnded,

    /// <summary>The session's log level changed: apply what the message carries.</summary>
    SessionChanged,

    /// <summary>Another instance serves the session's GET stream now: end the one here.</summary>
    StreamClaimed,

    /// <summary>Send a notification on the session's GET stream here.</summary>
    StreamEvent,

    /// <summary>Look for notifications that wait for the session's GET stream here.</summary>
    StreamWaiting,

    /// <summary>A client resumes a response stream elsewhere: write its events through.</summary>
    StreamResumed,

    /// <summary>A notification for whoever here is subscribed to it.</summary>
    Broadcast,
}

/// <summary>A message in an instance's inbox.</summary>
/// <param name="Kind">What is asked.</param>
/// <param name="Session">The session it concerns; empty for a broadcast.</param>
/// <param name="Subject">What within the session: a stream's key or epoch, a protocol version.</param>
/// <param name="Payload">The JSON-RPC message or value that travels.</param>
/// <param name="Claims">Who sent it, as the receiving transport must see the caller.</param>
/// <param name="SealedToken">The token that the caller sent, sealed, where a tool may run with it.</param>
internal sealed record InboxMessage(
    InboxKind Kind,
    string Session,
    string? Subject = null,
    string? Payload = null,
    string[][]? Claims = null,
    string? SealedToken = null);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(InboxMessage))]
internal sealed partial class RelayJson : JsonSerializerContext;
