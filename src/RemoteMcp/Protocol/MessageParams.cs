using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace RemoteMcp.Protocol;

/// <summary>Reads the params that routing and authorization depend on.</summary>
internal static class MessageParams
{
    /// <summary>Returns the name or the URI of the target of a request; <see langword="null"/> for methods without a target.</summary>
    /// <exception cref="McpProtocolException">The name or the URI is missing or is not a string.</exception>
    public static string? ReadTarget(string method, JsonElement parameters, ProtocolEra era) => method switch
    {
        RequestMethods.ToolsCall or RequestMethods.PromptsGet => ReadString(parameters, "name"),
        RequestMethods.ResourcesRead => ReadString(parameters, "uri"),
        // 2026-07-28 does not have these methods.
        RequestMethods.ResourcesSubscribe or RequestMethods.ResourcesUnsubscribe when era == ProtocolEra.Sessions =>
            ReadString(parameters, "uri"),
        RequestMethods.CompletionComplete when TryGet(parameters, "ref", out var reference) =>
            TryReadString(reference, TryReadString(reference, "type") == "ref/prompt" ? "name" : "uri"),
        _ => null,
    };

    /// <summary>
    /// Returns the id of the request that a cancellation names; the default value for other methods or if the id is missing.
    /// </summary>
    /// <exception cref="McpProtocolException">The value is not a valid request id.</exception>
    public static RequestId ReadCancelledId(string method, JsonElement parameters) =>
        method == NotificationMethods.CancelledNotification && TryGet(parameters, "requestId", out var id)
            ? AsRequestId(id) ?? throw Invalid("'requestId' must be a string or an integer")
            : default;

    /// <summary>Returns the protocol revision in the metadata of a request; <see langword="null"/> if there is none.</summary>
    public static string? ReadRevision(JsonElement parameters) =>
        TryGet(parameters, "_meta", out var meta) ? TryReadString(meta, MetaKeys.ProtocolVersion) : null;

    /// <summary>
    /// Returns whether a request is an <c>initialize</c> that negotiates a revision. The revisions without sessions have no
    /// <c>initialize</c>, so the metadata of such a request does not make it one of theirs.
    /// </summary>
    public static bool NegotiatesRevision(string method, JsonElement parameters) =>
        method == RequestMethods.Initialize && TryGet(parameters, "protocolVersion", out _);

    /// <summary>Checks the params of <c>initialize</c>, which the SDK reads only after it has created a session.</summary>
    /// <exception cref="McpProtocolException">A field is missing or has the wrong type.</exception>
    public static void CheckInitialize(JsonElement parameters)
    {
        try
        {
            if (parameters.ValueKind == JsonValueKind.Object)
            {
                parameters.Deserialize<InitializeRequestParams>(McpJsonUtilities.DefaultOptions);
                return;
            }
        }
        catch (JsonException)
        {
            // The message of this exception contains names of SDK types, so the client gets the message below instead.
        }

        throw Invalid("'protocolVersion' must be a string, 'capabilities' an object and 'clientInfo' an object with 'name' and 'version'");
    }

    /// <summary>
    /// Checks that no two names of fields differ only in letter case. The SDK ignores letter case, so it could read another field than this
    /// server.
    /// </summary>
    /// <exception cref="McpProtocolException">The names of two fields differ in letter case only.</exception>
    public static void CheckNames(JsonElement parameters)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in parameters.EnumerateObject())
        {
            if (!names.Add(field.Name))
            {
                throw Invalid("the names of two fields differ in letter case only");
            }
        }
    }

    /// <summary>Converts a JSON element to a request id.</summary>
    /// <returns>The request id, or <see langword="null"/> if the element is neither a string nor a 64-bit integer.</returns>
    public static RequestId? AsRequestId(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => new RequestId(element.GetString()!),
        JsonValueKind.Number when element.TryGetInt64(out var number) => new RequestId(number),
        _ => null,
    };

    private static string ReadString(JsonElement parameters, string field) =>
        TryReadString(parameters, field) ?? throw Invalid($"'{field}' must be a string");

    private static string? TryReadString(JsonElement parameters, string field) =>
        TryGet(parameters, field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool TryGet(JsonElement parameters, string field, out JsonElement value)
    {
        value = default;
        return parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty(field, out value);
    }

    private static McpProtocolException Invalid(string reason) => new($"Invalid params: {reason}.", McpErrorCode.InvalidParams);
}
