using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace RemoteMcp.Sessions;

/// <summary>What is kept of a session: enough for any instance to go on with it.</summary>
/// <param name="Caller">Whose it is: <see cref="Auth.Authentication.Caller.Key"/>.</param>
/// <param name="Initialize">What the client said when it began, as the SDK reads it.</param>
/// <param name="LogLevel">What <c>logging/setLevel</c> asked for.</param>
/// <param name="Subscriptions">The resources that the client wants updates of.</param>
internal sealed record SessionRecord(string Caller, JsonElement Initialize, string? LogLevel = null, string[]? Subscriptions = null)
{
    /// <summary>The largest initialize params that are kept, in bytes of JSON: sessions are remembered by the thousand.</summary>
    public const int MaxInitializeBytes = 32 * 1024;

    public InitializeRequestParams ReadInitialize() =>
        (InitializeRequestParams)Initialize.Deserialize(McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(InitializeRequestParams)))!;

    /// <exception cref="McpProtocolException">The params are larger than <see cref="MaxInitializeBytes"/>.</exception>
    public static SessionRecord Create(string caller, InitializeRequestParams parameters)
    {
        var initialize = JsonSerializer.SerializeToElement(parameters, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(InitializeRequestParams)));
        if (Encoding.UTF8.GetByteCount(initialize.GetRawText()) > MaxInitializeBytes)
        {
            throw new McpProtocolException($"Invalid params: those of initialize may have {MaxInitializeBytes} bytes at most.", McpErrorCode.InvalidParams);
        }

        return new(caller, initialize);
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SessionRecord))]
internal sealed partial class SessionJson : JsonSerializerContext;
