using System.Text.Json.Serialization;

namespace RemoteMcp.Fleet;

/// <summary>Specifies what an instance asks another instance to do. Messages contain the names of these values.</summary>
internal enum InboxKind
{
    /// <summary>Pass a client's JSON-RPC message to the session's transport on the receiver.</summary>
    Deliver,

    /// <summary>Remove the session from memory: it has ended.</summary>
    SessionEnded,

    /// <summary>Apply a change of the session: the log level in the message, or the subscriptions in the session's row.</summary>
    SessionChanged,

    /// <summary>End the session's GET stream on the receiver: another instance has claimed it.</summary>
    StreamClaimed,

    /// <summary>Send a notification on the session's GET stream on the receiver.</summary>
    StreamEvent,

    /// <summary>Send the notifications that wait in the backlog for the session's GET stream on the receiver.</summary>
    StreamWaiting,

    /// <summary>Write the events of a response stream to its rows at once: a client resumes the stream on another instance.</summary>
    StreamResumed,

    /// <summary>Send a notification to all clients of the receiver that are subscribed to it.</summary>
    Broadcast,
}

/// <summary>Represents a message in an instance's inbox.</summary>
/// <param name="Kind">The kind of request.</param>
/// <param name="Session">The internal session id, or an empty string for <see cref="InboxKind.Broadcast"/>.</param>
/// <param name="Subject">
/// A detail that depends on the kind: the protocol version of a delivered message, the epoch of a claim, or the key of a response stream.
/// </param>
/// <param name="Payload">The JSON-RPC message, or the log level of <see cref="InboxKind.SessionChanged"/>.</param>
/// <param name="Claims">The claims of the caller, from which the receiver builds the principal for its transport.</param>
/// <param name="SealedToken">The caller's token, sealed; only for a message of HTTP+SSE.</param>
/// <param name="MustClaim">
/// Whether the receiver must claim the message before it handles it, because the sender may withdraw it
/// (<see cref="InboxRows.ClaimAsync"/>).
/// </param>
internal sealed record InboxMessage(
    InboxKind Kind,
    string Session,
    string? Subject = null,
    string? Payload = null,
    string[][]? Claims = null,
    string? SealedToken = null,
    bool MustClaim = false);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true)]
[JsonSerializable(typeof(InboxMessage))]
internal sealed partial class RelayJson : JsonSerializerContext;
