using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RemoteMcp.Protocol;

namespace RemoteMcp.Sessions;

/// <summary>Represents the body of a session's row. It contains everything that another instance needs to continue the session.</summary>
/// <param name="Caller">The key of the caller that owns the session: <see cref="Auth.Authentication.Caller.Key"/>.</param>
/// <param name="Initialize">The parameters of the client's initialize request, as the SDK serializes them.</param>
/// <param name="LogLevel">The log level that the client set with <c>logging/setLevel</c>.</param>
/// <param name="Subscriptions">The URIs of the resources that the client is subscribed to.</param>
/// <param name="Holders">
/// The ids of the instances that may have an object or a GET stream of the session, and the times at which they were added, in seconds
/// since 1970 (<see cref="SessionHolders"/>).
/// </param>
internal sealed record SessionRecord(
    string Caller,
    JsonElement Initialize,
    string? LogLevel = null,
    string[]? Subscriptions = null,
    Dictionary<string, long>? Holders = null)
{
    /// <summary>Gets the ETag of the row from which this object was read.</summary>
    [JsonIgnore]
    public string? ETag { get; init; }

    /// <summary>
    /// The maximum size of the initialize parameters, in bytes of JSON. It is small because the server stores thousands of sessions.
    /// </summary>
    public const int MaxInitializeBytes = 32 * 1024;

    public InitializeRequestParams ReadInitialize() =>
        (InitializeRequestParams)Initialize.Deserialize(McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(InitializeRequestParams)))!;

    /// <exception cref="McpProtocolException">The parameters are larger than <see cref="MaxInitializeBytes"/>.</exception>
    public static SessionRecord Create(string caller, InitializeRequestParams parameters)
    {
        var initialize = JsonSerializer.SerializeToElement(
            new InitializeRequestParams
            {
                // Other instances send messages with the revision of the session, which is not always the one that the client requested.
                ProtocolVersion = ProtocolRevisions.Negotiate(parameters.ProtocolVersion),
                Capabilities = parameters.Capabilities,
                ClientInfo = parameters.ClientInfo,
                Meta = parameters.Meta,
            },
            McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(InitializeRequestParams)));
        if (Encoding.UTF8.GetByteCount(initialize.GetRawText()) > MaxInitializeBytes)
        {
            throw new McpProtocolException(
                $"Invalid params: the params of initialize can have at most {MaxInitializeBytes} bytes.", McpErrorCode.InvalidParams);
        }

        return new(caller, initialize);
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SessionRecord))]
internal sealed partial class SessionJson : JsonSerializerContext;
